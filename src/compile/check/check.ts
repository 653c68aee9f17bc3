import type { Refusal } from '../dialect/refusal.ts';
import type { Scheme } from '../dialect/source.ts';
import { type DialectProgram, select } from '../link/selection.ts';
import { lintSteps } from './lints.ts';
import { checkLoops } from './loops.ts';
import { checkNames } from './names.ts';
import { checkPositions } from './positions.ts';
import { checkRecursion } from './recursion.ts';
import { checkShadowing } from './shadowing.ts';
import { checkTruthValues } from './truthValues.ts';

/** What checking a kernel gives: what is refused, and what is allowed but should be looked at. */
export interface Findings {
  readonly refusals: readonly Refusal[];
  readonly lints: readonly Refusal[];
}

/** Everything in a scheme's kernel that is not in the dialect, as far as syntax alone could not tell. */
export function checkProgram(program: DialectProgram, scheme: Scheme): Findings {
  const selection = select(program, scheme);
  const refusals = [
    ...selection.refusals,
    ...checkNames(selection),
    ...checkPositions(selection),
    ...checkTruthValues(selection),
    ...checkShadowing(selection),
    ...checkRecursion(selection),
    ...checkLoops(selection),
  ];
  return { refusals: refusals.sort(byPlace), lints: lintSteps(selection).sort(byPlace) };
}

function byPlace(a: Refusal, b: Refusal): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}
