import { pte_mksoft_dirty, pte_none } from '../../src/kernel/common/arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../../src/kernel/common/arch/x86/mm/tlb.ts';
import { pmd_lock, pmd_unlock } from '../../src/kernel/common/include/page_table_lock.ts';
import { HPAGE_PMD_NR } from '../../src/kernel/common/include/pgtable_types.ts';
import { new_pmd_lock, new_pmd_unlock } from '../../src/kernel/common/mm/mremap/move_pgt_entry.ts';
import type { MmId, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import { pmd_table } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load, store, xchg } from '../../src/machine/primitives/access.ts';

/** Takes the place of move_huge_pmd: the caller has seen a leaf, and it is taken to be one still. */
export function* move_huge_pmd__without_a_look(
  mm: MmId,
  pmd: PmdSlot,
  new_pmd: PmdSlot,
  address: Vaddr,
): Op<number> {
  if (!pte_none(yield* load(pmd_table.entry, new_pmd))) return 0;
  yield* pmd_lock(pmd);
  yield* new_pmd_lock(pmd, new_pmd);
  const entry = yield* xchg(pmd_table.entry, pmd, 0);
  yield* store(pmd_table.entry, new_pmd, pte_mksoft_dirty(entry));
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PMD_NR);
  yield* new_pmd_unlock(pmd, new_pmd);
  yield* pmd_unlock(pmd);
  return 1;
}
