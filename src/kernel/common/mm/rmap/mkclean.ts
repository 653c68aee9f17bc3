import { pmd_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store, xchg } from '../../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Entry, MmId, Pfn, PmdSlot, PteSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table, pte_table } from '../../../state/pgtable.ts';
import {
  pmd_present,
  pte_dirty,
  pte_mkclean,
  pte_present,
  pte_write,
  pte_wrprotect,
} from '../../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../../arch/x86/mm/tlb.ts';
import { __pmd_trans_huge_lock } from '../../include/huge_mm.ts';
import { pmd_lock, pmd_unlock, pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { HPAGE_PMD_NR } from '../../include/pgtable_types.ts';
import { pmd_addr_end } from '../../include/pgtable_walk.ts';
import { VM_SHARED } from '../../include/vm_flags.ts';
import { pmdp_invalidate } from '../mprotect/invalidate.ts';
import { entry_maps_pages, page_vma_pmd, vma_address, vma_address_end } from '../page_vma_mapped.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';

/*
 * Before pages are written back, all entries that map them are made clean and read-only: who writes again has to fault.
 */

/**
 * Does so in one VMA, for `nr` pages from frame `pfn` on that are pages `pgoff` and following of the file. Private
 * mappings have no part in it.
 * Linux: mm/rmap.c pfn_mkclean_range (7.2).
 */
export function* pfn_mkclean_range(pfn: Pfn, nr: number, pgoff: number, vma: VmaId): Op {
  if (!((yield* load(vm_area_struct.vm_flags, vma)) & VM_SHARED)) return;
  const address = yield* vma_address(vma, pgoff);
  const end = yield* vma_address_end(vma, pgoff, nr);
  yield* page_vma_mkclean_one(vma, pfn, nr, address, end);
}

/**
 * The same for the addresses `[address, end)`. A leaf that maps them is the only entry that does.
 * Linux: mm/rmap.c page_vma_mkclean_one (7.2); mm/page_vma_mapped.c page_vma_mapped_walk (7.2). Left out: MMU notifiers.
 */
export function* page_vma_mkclean_one(vma: VmaId, pfn: Pfn, nr: number, address: Vaddr, end: Vaddr): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  let at = address;
  while (at < end) {
    const next = pmd_addr_end(at, end);
    const pmd = yield* page_vma_pmd(mm, at);
    const entry = pmd === 0 ? 0 : yield* load(pmd_table.entry, pmd);
    if (pmd_is_huge(entry)) {
      if (yield* __pmd_trans_huge_lock(pmd)) {
        yield* pmd_mkclean_one(mm, pmd, pfn, nr, at);
        yield* pmd_unlock(pmd);
        return;
      }
    } else if (!pmd_present(entry)) {
      if (pmd !== 0 && nr === HPAGE_PMD_NR) yield* pmd_wait_for_zap(pmd);
      at = next;
    } else {
      at = yield* pte_mkclean_ptes(mm, pmd, pfn, nr, at, next);
    }
  }
}

/** Lets whoever is just taking a leaf away get done. Linux: mm/page_vma_mapped.c page_vma_mapped_walk (7.2), with PVMW_SYNC. */
export function* pmd_wait_for_zap(pmd: PmdSlot): Op {
  yield* pmd_lock(pmd);
  yield* pmd_unlock(pmd);
}

/**
 * Cleans a PMD leaf that maps any of the pages; its lock is held. It is invalid for a moment, but never none.
 * Linux: mm/rmap.c page_vma_mkclean_one (7.2), its huge entries.
 */
export function* pmd_mkclean_one(mm: MmId, pmd: PmdSlot, pfn: Pfn, nr: number, address: Vaddr): Op {
  const entry = yield* load(pmd_table.entry, pmd);
  if (!entry_maps_pages(entry, HPAGE_PMD_NR, pfn, nr) || !entry_needs_cleaning(entry)) return;
  const before = yield* pmdp_invalidate(mm, pmd, address - (address % HPAGE_PMD_NR));
  yield* store(pmd_table.entry, pmd, pte_mkclean(pte_wrprotect(before)));
}

/** Whether somebody writes, or wrote, through an entry. Linux: mm/rmap.c page_vma_mkclean_one (7.2), its test. */
export function entry_needs_cleaning(entry: Entry): boolean {
  return pte_dirty(entry) || pte_write(entry);
}

/**
 * Cleans the PTEs of `[address, end)` that map any of the pages, all in one table; where it stopped, which is `address` if
 * there is no table.
 */
export function* pte_mkclean_ptes(
  mm: MmId,
  pmd: PmdSlot,
  pfn: Pfn,
  nr: number,
  address: Vaddr,
  end: Vaddr,
): Op<Vaddr> {
  const first = yield* pte_offset_map_lock(pmd, address);
  if (first === 0) return address;
  for (let at = address; at < end; at++) {
    const pte = first + at - address;
    const entry = yield* load(pte_table.entry, pte);
    if (pte_present(entry) && entry_maps_pages(entry, 1, pfn, nr) && entry_needs_cleaning(entry)) {
      yield* pte_mkclean_one(mm, pte, at);
    }
  }
  yield* pte_unmap_unlock(first);
  return end;
}

/**
 * Cleans one PTE, whose table is locked: nobody can write through it while it changes.
 * Linux: mm/rmap.c page_vma_mkclean_one (7.2), its PTEs; mm/pgtable-generic.c ptep_clear_flush (7.2).
 */
export function* pte_mkclean_one(mm: MmId, pte: PteSlot, address: Vaddr): Op {
  const before = yield* xchg(pte_table.entry, pte, 0);
  yield* flush_tlb_mm_range(mm, address, address + 1);
  yield* store(pte_table.entry, pte, pte_mkclean(pte_wrprotect(before)));
}
