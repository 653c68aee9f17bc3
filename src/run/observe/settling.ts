import { leak } from '../properties/leak.ts';
import { mappingIndex } from '../properties/mappingIndex.ts';
import { referenceBalance } from '../properties/referenceBalance.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import type { Unit } from './layout.ts';

export interface SettlingParts {
  readonly folios: FolioReader;
  readonly judge: Judge;
}

/** Judges folios while no thread is inside an operation. */
export function judgeSettled(units: Iterable<Unit>, { folios, judge }: SettlingParts): void {
  for (const unit of units) {
    if (judge.isJudged(unit)) continue;
    const folio = folios.read(unit);
    const unbalanced = referenceBalance(folio);
    if (unbalanced !== null) judge.ofPage('reference-balance', folio.head, unbalanced);
    const misplaced = mappingIndex(folio);
    if (misplaced !== null) judge.ofPage('mapping-index', folio.head, misplaced);
  }
}

/** Judges folios after the last process exited. */
export function judgeLeaks(units: Iterable<Unit>, { folios, judge }: SettlingParts): void {
  for (const unit of units) {
    if (judge.isJudged(unit)) continue;
    const folio = folios.read(unit);
    const leaked = leak(folio);
    if (leaked !== null) judge.ofPage('leak', folio.head, leaked);
  }
}
