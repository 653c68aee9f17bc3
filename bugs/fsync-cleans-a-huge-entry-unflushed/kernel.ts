import { pmdp_invalidate_ad } from '../../src/kernel/common/mm/mprotect/invalidate.ts';
import type { Entry, MmId, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of pmdp_invalidate: no processor hears of it. */
export function* pmdp_invalidate__unflushed(_mm: MmId, pmd: PmdSlot, _address: Vaddr): Op<Entry> {
  return yield* pmdp_invalidate_ad(pmd);
}
