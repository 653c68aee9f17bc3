import { pte_mkclean, pte_wrprotect } from '../../src/kernel/common/arch/x86/include/asm/pgtable.ts';
import { pmdp_huge_clear_flush } from '../../src/kernel/common/mm/pgtable-generic.ts';
import type { MmId, Pfn, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import { pmd_table } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { store } from '../../src/machine/primitives/access.ts';

/** Takes the place of pmd_mkclean_one: who does not take the lock finds nothing there meanwhile. */
export function* pmd_mkclean_one__none_in_between(
  mm: MmId,
  pmd: PmdSlot,
  _pfn: Pfn,
  _nr: number,
  address: Vaddr,
): Op {
  const before = yield* pmdp_huge_clear_flush(mm, address - (address % 512), pmd);
  yield* store(pmd_table.entry, pmd, pte_mkclean(pte_wrprotect(before)));
}
