import type { Refusal } from '../dialect/refusal.ts';
import type { Expression } from '../dialect/tree.ts';
import { expressionsOf, partsOf, walkStatements } from '../dialect/walk.ts';
import type { Selection } from '../link/selection.ts';

/** What is allowed and easily misread: several steps in one expression run left to right, each a step of its own. */
export function lintSteps(selection: Selection): Refusal[] {
  const lints: Refusal[] = [];
  for (const { declaration, file } of selection.callables.values()) {
    if (declaration.kind !== 'function') continue;
    walkStatements(declaration.body, (statement) => {
      for (const expression of expressionsOf(statement)) {
        const steps = stepsIn(expression);
        if (steps < 2) continue;
        lints.push({
          file,
          line: statement.line,
          message: `${steps} steps in one expression run left to right`,
        });
      }
    });
  }
  return lints;
}

function stepsIn(expression: Expression): number {
  const own = expression.kind === 'call' && expression.suspends ? 1 : 0;
  return partsOf(expression).reduce((sum, part) => sum + stepsIn(part), own);
}
