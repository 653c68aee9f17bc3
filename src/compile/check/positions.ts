import type { Refusal } from '../dialect/refusal.ts';
import type { CallExpression, Expression } from '../dialect/tree.ts';
import { expressionsOf, partsOf, walkExpression, walkStatements } from '../dialect/walk.ts';
import type { Callable, Selection } from '../link/selection.ts';

/** Fields, texts and calls that stand where their kind may not. */
export function checkPositions(selection: Selection): Refusal[] {
  const refusals: Refusal[] = [];
  for (const callable of selection.callables.values()) {
    const { declaration, file } = callable;
    const refuse = (line: number, message: string): void => {
      refusals.push({ file, line, message });
    };
    if (declaration.kind === 'helper') {
      checkExpression(selection, declaration.value, declaration.line, refuse);
      checkPurity(selection, callable, refuse);
    } else {
      walkStatements(declaration.body, (statement) => {
        for (const expression of expressionsOf(statement)) {
          checkExpression(selection, expression, statement.line, refuse);
        }
      });
    }
  }
  return refusals;
}

type Refuse = (line: number, message: string) => void;

function checkExpression(selection: Selection, expression: Expression, line: number, refuse: Refuse): void {
  if (expression.kind === 'text') {
    refuse(line, `literal '${expression.value}': only integers (text is for WARN_ON_ONCE)`);
  }
  if (expression.kind === 'field') {
    refuse(
      line,
      `${expression.struct}.${expression.field}: a field is only an argument of a primitive, get or put`,
    );
  }
  if (expression.kind === 'call') checkCall(selection, expression, refuse);
  else for (const part of partsOf(expression)) checkExpression(selection, part, line, refuse);
}

function checkCall(selection: Selection, call: CallExpression, refuse: Refuse): void {
  const step = selection.scope.steps.get(call.name);
  const isPrivate = call.name === 'get' || call.name === 'put';
  call.arguments.forEach((argument, position) => {
    if (argument.kind === 'field' && step !== undefined) {
      const owned = selection.scope.structs.get(argument.struct)?.options.private === true;
      if (isPrivate && !owned) {
        refuse(
          argument.line,
          `${call.name}: struct ${argument.struct} is shared, use a primitive such as load or store`,
        );
      }
      if (!isPrivate && owned) {
        refuse(
          argument.line,
          `${call.name}: struct ${argument.struct} is private to its thread, use get or put`,
        );
      }
    } else if (!(argument.kind === 'text' && call.name === 'WARN_ON_ONCE' && position === 1)) {
      checkExpression(selection, argument, call.line, refuse);
    }
  });
  if (call.name === 'WARN_ON_ONCE') checkWarning(call, refuse);
}

function checkWarning(call: CallExpression, refuse: Refuse): void {
  if (call.arguments[1]?.kind !== 'text') refuse(call.line, 'WARN_ON_ONCE takes a condition and a text');
  const [condition] = call.arguments;
  if (condition === undefined) return;
  walkExpression(condition, (part) => {
    if (part.kind === 'call' && part.suspends) {
      refuse(call.line, 'WARN_ON_ONCE: load the shared word into a local first');
    }
  });
}

/** A helper computes from its arguments alone: it neither knows its thread nor reads a word. */
function checkPurity(selection: Selection, { declaration }: Callable, refuse: Refuse): void {
  if (declaration.kind !== 'helper') return;
  walkExpression(declaration.value, (part) => {
    if (part.kind !== 'call') return;
    const step = selection.scope.steps.get(part.name);
    if (step !== undefined && step.kind !== 'pure') {
      refuse(part.line, `${part.name} in a pure helper: a helper computes from its arguments alone`);
    }
  });
}
