import type { Entry, PmdSlot } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of gup_fast_pmd_recheck: believes what it has read before. */
export function* gup_fast_pmd_recheck__skipped(_pmdp: PmdSlot, _orig: Entry): Op<number> {
  return 1;
}
