import type { Refusal } from '../dialect/refusal.ts';
import type { Scheme } from '../dialect/source.ts';
import { type DialectProgram, select } from '../link/selection.ts';
import { checkNames } from './names.ts';

/** Everything in a scheme's kernel that is not in the dialect, as far as syntax alone could not tell. */
export function checkProgram(program: DialectProgram, scheme: Scheme): Refusal[] {
  const selection = select(program, scheme);
  return [...selection.refusals, ...checkNames(selection)];
}
