import { pmd_trans_huge } from '#scheme/include/pgtable.ts';
import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { atomic_andnot, load, store } from '../../../../machine/primitives/access.ts';
import { PG_referenced } from '../../../state/memmap.ts';
import type { MmId, Pfn, PmdSlot, Vaddr } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { pmd_table, pte_table } from '../../../state/pgtable.ts';
import { pte_mkold, pte_present, pte_young } from '../../arch/x86/include/asm/pgtable.ts';
import { ptep_test_and_clear_young } from '../../arch/x86/mm/pgtable.ts';
import { folio_test_anon } from '../../include/anon_page.ts';
import { pmd_trans_huge_lock } from '../../include/huge_mm.ts';
import { folio_get, folio_put } from '../../include/mm.ts';
import { MADV_COLD } from '../../include/mman.ts';
import { pmd_unlock, pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { entry_pfn, HPAGE_PMD_NR } from '../../include/pgtable_types.ts';
import { pmd_addr_end } from '../../include/pgtable_walk.ts';
import { is_huge_zero_pfn } from '../../include/zero_page.ts';
import { tlb_finish_mmu, tlb_gather_mmu, tlb_remove_tlb_entries } from '../mmu_gather.ts';
import { pmdp_invalidate } from '../mprotect/invalidate.ts';
import { pmd_off, walk_page_range } from '../pagewalk.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';

/**
 * MADV_COLD and MADV_PAGEOUT on `[start, end)`. PTEs that map device pages are passed over; PMD leaves are not, since
 * pmd_trans_huge knows them, which it did not while they were devmap.
 * Linux: mm/madvise.c madvise_cold, madvise_pageout, madvise_cold_or_pageout_pte_range (7.2). Left out: reclaiming private
 * copies, for which there would have to be swap.
 */
export function* madvise_cold(mm: MmId, start: Vaddr, end: Vaddr, behavior: number): Op {
  yield* tlb_gather_mmu(mm);
  let at = yield* walk_page_range(mm, start, end);
  while (at < end) {
    const next = pmd_addr_end(at, end);
    const pmd = yield* pmd_off(mm, at);
    if (pmd_trans_huge(yield* load(pmd_table.entry, pmd)) && (yield* pmd_trans_huge_lock(pmd))) {
      yield* madvise_cold_pmd(mm, pmd, at, next, behavior);
    } else {
      yield* madvise_cold_ptes(pmd, at, next, behavior);
    }
    at = yield* walk_page_range(mm, next, end);
  }
  yield* tlb_finish_mmu();
}

/**
 * The same for one PMD leaf, whose lock it releases. Zeros and a folio that others map too are left alone; one that is to be aged in
 * part only would have to be split, which device memory cannot be.
 * Linux: mm/madvise.c madvise_cold_or_pageout_pte_range (7.2), its part for huge entries. Left out: telling one process
 * that maps a folio twice from two that map it (mm_id); lists for reclaim, on which device pages are not.
 */
export function* madvise_cold_pmd(mm: MmId, pmd: PmdSlot, address: Vaddr, end: Vaddr, behavior: number): Op {
  const entry = yield* load(pmd_table.entry, pmd);
  const folio: Pfn = entry_pfn(entry);
  if (is_huge_zero_pfn(folio) || (yield* load(page._large_mapcount, folio)) > 0) {
    yield* pmd_unlock(pmd);
    return;
  }
  if (end - address !== HPAGE_PMD_NR) {
    yield* folio_get(folio);
    yield* pmd_unlock(pmd);
    yield* folio_put(folio);
    return;
  }
  if (behavior === MADV_COLD && pte_young(entry)) {
    yield* pmdp_invalidate(mm, pmd, address);
    yield* store(pmd_table.entry, pmd, pte_mkold(entry));
    yield* tlb_remove_tlb_entries(address, HPAGE_PMD_NR);
  }
  yield* atomic_andnot(page.flags, folio, PG_referenced);
  yield* pmd_unlock(pmd);
}

/**
 * The same for the PTEs of `[address, end)`, all in one table: of what they map only private copies are aged, and of those the
 * ones that no other process has.
 * Linux: mm/madvise.c madvise_cold_or_pageout_pte_range (7.2), its part for PTEs; mm/internal.h clear_young_dirty_ptes
 * (7.2). Left out: as above.
 */
export function* madvise_cold_ptes(pmd: PmdSlot, address: Vaddr, end: Vaddr, behavior: number): Op {
  const first = yield* pte_offset_map_lock(pmd, address);
  if (first === 0) return;
  for (let at = address; at < end; at++) {
    const pte = first + at - address;
    const entry = yield* load(pte_table.entry, pte);
    if (!pte_present(entry) || !folio_test_anon(vm_normal_page(entry))) continue;
    const folio: Pfn = entry_pfn(entry);
    if ((yield* load(page._mapcount, folio)) > 0) continue;
    if (behavior === MADV_COLD && pte_young(entry)) {
      yield* ptep_test_and_clear_young(pte);
      yield* tlb_remove_tlb_entries(at, 1);
    }
    yield* atomic_andnot(page.flags, folio, PG_referenced);
  }
  yield* pte_unmap_unlock(first);
}
