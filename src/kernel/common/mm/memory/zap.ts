import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import { zap_huge_pmd, zap_huge_pud } from '#scheme/mm/huge_memory.ts';
import { zap_present_ptes } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, xchg } from '../../../../machine/primitives/access.ts';
import { get } from '../../../../machine/primitives/own.ts';
import { mmu_gather } from '../../../state/gather.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { Entry, MmId, PmdSlot, PteSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pte_table, pud_table } from '../../../state/pgtable.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { folio_test_anon } from '../../include/anon_page.ts';
import { add_mm_counter, add_mm_counter_anon } from '../../include/mm_counter.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { entry_pfn, HPAGE_PMD_NR, HPAGE_PUD_NR, pgd_slot } from '../../include/pgtable_types.ts';
import {
  pgd_addr_end,
  pmd_addr_end,
  pmd_offset,
  pud_addr_end,
  pud_offset,
} from '../../include/pgtable_walk.ts';
import { __split_huge_pmd, __split_huge_pud } from '../huge_memory.ts';
import {
  __tlb_remove_folio_page,
  tlb_flush_mmu,
  tlb_flush_mmu_tlbonly,
  tlb_flush_rmaps,
  tlb_remove_tlb_entries,
} from '../mmu_gather.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';
import { folio_remove_rmap_ptes } from '../rmap.ts';

/** What zap_present_ptes did, as flags; Linux has variables for it that the callee sets. */
export const ZAP_COUNTED = 1;
export const ZAP_FORCE_FLUSH = 2;
export const ZAP_FORCE_BREAK = 4;
export const ZAP_COUNTED_ANON = 8;

/**
 * Takes all entries of `[address, end)` of a VMA away. What they mapped is given back with the thread's mmu_gather.
 * Linux: mm/memory.c unmap_page_range, zap_p4d_range (7.2).
 */
export function* unmap_page_range(vma: VmaId, address: Vaddr, end: Vaddr): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const pgd = yield* load(mm_struct.pgd, mm);
  let at = address;
  while (at < end) {
    const next = pgd_addr_end(at, end);
    const entry = yield* load(pgd_table.entry, pgd_slot(pgd, at));
    if (!pte_none(entry)) yield* zap_pud_range(mm, vma, entry, at, next);
    at = next;
  }
}

/** Linux: mm/memory.c zap_pud_range (7.2). */
export function* zap_pud_range(mm: MmId, vma: VmaId, p4d: Entry, address: Vaddr, end: Vaddr): Op {
  let at = address;
  while (at < end) {
    const next = pud_addr_end(at, end);
    const pud = pud_offset(p4d, at);
    let zapped = 0;
    if (pud_is_huge(yield* load(pud_table.entry, pud))) {
      if (next - at === HPAGE_PUD_NR) zapped = yield* zap_huge_pud(mm, pud, at);
      else yield* __split_huge_pud(mm, pud, at);
    }
    const entry = zapped ? 0 : yield* load(pud_table.entry, pud);
    if (!pte_none(entry)) yield* zap_pmd_range(mm, vma, entry, at, next);
    at = next;
  }
}

/** Linux: mm/memory.c zap_pmd_range (7.2). */
export function* zap_pmd_range(mm: MmId, vma: VmaId, pud: Entry, address: Vaddr, end: Vaddr): Op {
  let at = address;
  while (at < end) {
    const next = pmd_addr_end(at, end);
    const pmd = pmd_offset(pud, at);
    let zapped = 0;
    if (pmd_is_huge(yield* load(pmd_table.entry, pmd))) {
      if (next - at === HPAGE_PMD_NR) zapped = yield* zap_huge_pmd(mm, vma, pmd, at);
      else yield* __split_huge_pmd(mm, pmd, at);
    }
    if (zapped || pte_none(yield* load(pmd_table.entry, pmd))) at = next;
    else at = yield* zap_pte_range(mm, vma, pmd, at, next);
  }
}

/**
 * Takes the PTEs of `[address, end)` away, all in one table; returns where it stopped, which is short of `end` if the
 * table was gone or the batches of the mmu_gather were full.
 * Linux: mm/memory.c zap_pte_range (7.2). Left out: giving way to other tasks, freeing a table that became empty.
 */
export function* zap_pte_range(mm: MmId, vma: VmaId, pmd: PmdSlot, address: Vaddr, end: Vaddr): Op<Vaddr> {
  const first = yield* pte_offset_map_lock(pmd, address);
  if (first === 0) return address;
  let at = address;
  let rss = 0;
  let rss_anon = 0;
  let forced = 0;
  while (at < end && (forced & ZAP_FORCE_BREAK) === 0) {
    const pte = first + at - address;
    const entry = yield* load(pte_table.entry, pte);
    if (!pte_none(entry)) {
      const zapped = folio_test_anon(entry_pfn(entry))
        ? yield* zap_anon_pte(pte, at)
        : yield* zap_present_ptes(vma, pte, entry, at);
      if (zapped & ZAP_COUNTED) rss -= 1;
      if (zapped & ZAP_COUNTED_ANON) rss_anon -= 1;
      forced = forced | zapped;
    }
    at += 1;
  }
  if (rss !== 0) yield* add_mm_counter(mm, rss);
  if (rss_anon !== 0) yield* add_mm_counter_anon(mm, rss_anon);
  if (forced & ZAP_FORCE_FLUSH) yield* zap_flush_and_unlock(first);
  else yield* pte_unmap_unlock(first);
  return at;
}

/**
 * Takes the entry of a private copy away and queues the copy, unless copies are to stay; what it did as ZAP_ flags.
 * Linux: mm/memory.c zap_present_ptes, zap_present_folio_ptes, should_zap_folio (7.2), for anonymous folios.
 */
export function* zap_anon_pte(pte: PteSlot, address: Vaddr): Op<number> {
  if (get(mmu_gather.spare_cows, 0)) return 0;
  const pfn = entry_pfn(yield* xchg(pte_table.entry, pte, 0));
  yield* tlb_remove_tlb_entries(address, 1);
  yield* folio_remove_rmap_ptes(pfn, pfn, 1);
  const full = yield* __tlb_remove_folio_page(pfn, 0);
  return ZAP_COUNTED_ANON | (full ? ZAP_FORCE_FLUSH | ZAP_FORCE_BREAK : 0);
}

/**
 * Ends a round of zap_pte_range that must not leave translations behind: they go before the lock does, so that who
 * finds the entries gone finds nobody using them.
 * Linux: mm/memory.c zap_pte_range (7.2), its end with force_flush.
 */
export function* zap_flush_and_unlock(pte: PteSlot): Op {
  yield* tlb_flush_mmu_tlbonly();
  yield* tlb_flush_rmaps();
  yield* pte_unmap_unlock(pte);
  yield* tlb_flush_mmu();
}
