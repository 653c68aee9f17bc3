import type { Entry, PmdSlot } from '../../src/kernel/state/numbers.ts';
import { pmd_table } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { xchg } from '../../src/machine/primitives/access.ts';

/** Takes the place of pmdp_invalidate_ad: nothing is left that says a leaf was here. */
export function* pmdp_invalidate_ad__clears(pmd: PmdSlot): Op<Entry> {
  return yield* xchg(pmd_table.entry, pmd, 0);
}
