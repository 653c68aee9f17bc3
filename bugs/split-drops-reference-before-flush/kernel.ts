import { flush_tlb_mm_range } from '../../src/kernel/common/arch/x86/mm/tlb.ts';
import { folio_put, page_folio } from '../../src/kernel/common/include/mm.ts';
import { add_mm_counter } from '../../src/kernel/common/include/mm_counter.ts';
import { entry_pfn, HPAGE_PMD_NR } from '../../src/kernel/common/include/pgtable_types.ts';
import { folio_remove_rmap_pmd } from '../../src/kernel/common/mm/rmap.ts';
import type { MmId, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import { pmd_table } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { xchg } from '../../src/machine/primitives/access.ts';

/** Takes the place of __split_huge_pmd_locked: the flush comes last. */
export function* __split_huge_pmd_locked__puts_first(mm: MmId, pmd: PmdSlot, start: Vaddr): Op {
  const folio = yield* page_folio(entry_pfn(yield* xchg(pmd_table.entry, pmd, 0)));
  yield* folio_remove_rmap_pmd(folio);
  yield* add_mm_counter(mm, -HPAGE_PMD_NR);
  yield* folio_put(folio);
  yield* flush_tlb_mm_range(mm, start, start + HPAGE_PMD_NR);
}
