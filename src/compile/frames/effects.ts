import type { FunctionDeclaration } from '../dialect/source.ts';
import type { Expression } from '../dialect/tree.ts';
import { partsOf, walkExpression, walkStatements } from '../dialect/walk.ts';
import type { Selection } from '../link/selection.ts';

/** Whether evaluating an expression takes a step, or touches the thread's private words. */
export function hasEffects(selection: Selection, expression: Expression): boolean {
  let found = false;
  walkExpression(expression, (part) => {
    if (part.kind !== 'call') return;
    if (part.suspends || selection.scope.steps.get(part.name)?.kind === 'local') found = true;
  });
  return found;
}

/** Whether nobody can tell that an expression was evaluated, other than by its value. */
export function isPure(selection: Selection, value: Expression): boolean {
  let pure = true;
  walkExpression(value, (part) => {
    if (part.kind !== 'call' || part.name === 'get') return;
    if (selection.scope.steps.get(part.name)?.kind === 'local') pure = false;
  });
  return pure;
}

/** Whether a function says `return 0` somewhere, the kernel's word for nothing. */
export function saysReturnNothing({ body }: FunctionDeclaration): boolean {
  let found = false;
  walkStatements(body, (statement) => {
    if (statement.kind !== 'return' || statement.value === null) return;
    const values = statement.value.kind === 'conditional' ? partsOf(statement.value) : [statement.value];
    if (values.some((value) => value.kind === 'number' && value.value === 0)) found = true;
  });
  return found;
}
