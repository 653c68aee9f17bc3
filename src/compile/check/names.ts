import type { Refusal } from '../dialect/refusal.ts';
import { isPrimitive } from '../dialect/scope.ts';
import type { CallExpression, Expression } from '../dialect/tree.ts';
import { expressionsOf, walkExpression, walkStatements } from '../dialect/walk.ts';
import type { Callable, Selection } from '../link/selection.ts';

/** Names that mean nothing, calls of the wrong kind, wrong numbers of arguments. */
export function checkNames(selection: Selection): Refusal[] {
  const refusals: Refusal[] = [];
  for (const callable of selection.callables.values()) {
    forEachExpression(callable, (expression) => {
      const message = refusalOf(selection, callable, expression);
      if (message !== undefined && 'line' in expression) {
        refusals.push({ file: callable.file, line: expression.line, message });
      }
    });
  }
  return refusals;
}

/** All expressions of a callable, parts before wholes. */
export function forEachExpression({ declaration }: Callable, visit: (expression: Expression) => void): void {
  if (declaration.kind === 'helper') walkExpression(declaration.value, visit);
  else {
    walkStatements(declaration.body, (statement) => {
      for (const expression of expressionsOf(statement)) walkExpression(expression, visit);
    });
  }
}

function refusalOf(selection: Selection, callable: Callable, expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'constant':
      return refuseConstant(selection, expression.name);
    case 'field': {
      const schema = selection.scope.structs.get(expression.struct);
      if (schema === undefined) return `'${expression.struct}' is not a declared struct`;
      if (schema.fields[expression.field] === undefined) {
        return `struct ${expression.struct} has no field '${expression.field}'`;
      }
      return undefined;
    }
    case 'call':
      return refuseCall(selection, callable, expression);
    default:
      return undefined;
  }
}

function refuseConstant({ constants, callables, scope }: Selection, name: string): string | undefined {
  if (constants.has(name)) return undefined;
  if (callables.has(name) || scope.steps.has(name)) return `'${name}' is a function: call it`;
  if (scope.structs.has(name)) return `'${name}' is a struct: name one of its fields`;
  return `'${name}' is neither a local, a parameter nor a declared constant (kernel functions may not reach module variables)`;
}

function refuseCall(selection: Selection, callable: Callable, call: CallExpression): string | undefined {
  const { name, suspends } = call;
  const step = selection.scope.steps.get(name);
  if (step !== undefined) {
    if (!isPrimitive(step) && suspends) return `'${name}' is a local function: call it without yield*`;
    if (isPrimitive(step) && !suspends) return `'${name}' is a primitive: call it as yield* ${name}(...)`;
    return undefined;
  }
  const called = selection.callables.get(selection.resolve(callable, name));
  if (called === undefined) {
    return suspends
      ? `'${name}' is neither a primitive nor a kernel function`
      : `'${name}' is not a pure helper of this project`;
  }
  const { declaration } = called;
  if (declaration.kind === 'function' && !suspends) {
    return `'${name}' is a kernel function: call it as yield* ${name}(...)`;
  }
  if (declaration.kind === 'helper' && suspends) return `'${name}' is a pure helper: call it without yield*`;
  const takes = declaration.parameters.length;
  return call.arguments.length === takes ? undefined : `${name} takes ${takes} arguments`;
}
