import { pmdp_huge_clear_flush } from '../../src/kernel/common/mm/pgtable-generic.ts';
import type { MmId, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of __split_huge_pmd_locked: as it was up to 6.14. */
export function* __split_huge_pmd_locked__forgets_counts(mm: MmId, pmd: PmdSlot, start: Vaddr): Op {
  yield* pmdp_huge_clear_flush(mm, start, pmd);
}
