import type { Op } from '../../../machine/primitive.ts';
import { load, store, xchg } from '../../../machine/primitives/access.ts';
import { get, WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import {
  pte_dirty,
  pte_mkdirty,
  pte_mkspecial,
  pte_mkyoung,
  pte_none,
  pte_young,
} from '../../common/arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../common/arch/x86/mm/pgprot.ts';
import { __pmd_trans_huge_lock, __pud_trans_huge_lock } from '../../common/include/huge_mm.ts';
import { maybe_mkwrite } from '../../common/include/maybe_mkwrite.ts';
import { folio_get, folio_order, folio_put, page_folio } from '../../common/include/mm.ts';
import { add_mm_counter } from '../../common/include/mm_counter.ts';
import { vma_has_recency } from '../../common/include/mm_inline.ts';
import { pmd_lock, pmd_unlock, pud_lock, pud_unlock } from '../../common/include/page_table_lock.ts';
import {
  _PAGE_PSE,
  entry_pfn,
  HPAGE_PMD_NR,
  HPAGE_PUD_NR,
  mk_entry,
} from '../../common/include/pgtable_types.ts';
import { PMD_ORDER, PUD_ORDER, VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from '../../common/include/vm_fault.ts';
import { NO_PAGE } from '../../common/include/vm_normal_page.ts';
import { is_huge_zero_pfn } from '../../common/include/zero_page.ts';
import { upgrade_pmd, upgrade_pud } from '../../common/mm/huge_memory.ts';
import { tlb_remove_page_size, tlb_remove_tlb_entries } from '../../common/mm/mmu_gather.ts';
import { folio_mark_dirty } from '../../common/mm/page-writeback.ts';
import { pmdp_huge_clear_flush, pudp_huge_clear_flush } from '../../common/mm/pgtable-generic.ts';
import {
  folio_add_file_rmap_pmd,
  folio_add_file_rmap_pud,
  folio_remove_rmap_pmd,
  folio_remove_rmap_pud,
} from '../../common/mm/rmap.ts';
import { folio_mark_accessed } from '../../common/mm/swap.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { Entry, MmId, Pfn, PmdSlot, PudSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pmd_table, pud_table } from '../../state/pgtable.ts';
import { vm_fault } from '../../state/vm_fault.ts';
import { vm_normal_page_pmd, vm_normal_page_pud } from './memory.ts';

/** The entry that maps a whole folio: an ordinary one, not special. Linux: include/linux/mm.h folio_mk_pmd, folio_mk_pud (7.2). */
export function folio_mk_pmd(folio: Pfn, prot: number): Entry {
  return mk_entry(folio, prot | _PAGE_PSE);
}

/**
 * Maps a folio of 2 MiB around `address`, ready to be written if `write`: VM_FAULT_ flags.
 * Linux: mm/huge_memory.c vmf_insert_folio_pmd (7.2).
 */
export function* vmf_insert_folio_pmd(vma: VmaId, address: Vaddr, folio: Pfn, write: number): Op<number> {
  const order = is_huge_zero_pfn(folio) ? PMD_ORDER : yield* folio_order(folio);
  if (WARN_ON_ONCE(order !== PMD_ORDER, 'vmf_insert_folio_pmd: the folio is of another order', folio)) {
    return VM_FAULT_SIGBUS;
  }
  const start = address - (address % HPAGE_PMD_NR);
  if (start < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (start >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  yield* insert_pmd(vma, folio, write);
  return VM_FAULT_NOPAGE;
}

/**
 * Puts a PMD leaf in where there is none, having counted it: one reference and one mapcount, whatever it maps. Nobody
 * counts who maps the huge zero folio, in a special leaf.
 * Linux: mm/huge_memory.c insert_pmd (7.2), for a folio. Left out: frames without a folio.
 */
export function* insert_pmd(vma: VmaId, folio: Pfn, write: number): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pmd = get(vm_fault.pmd, 0);
  yield* pmd_lock(pmd);
  const before = yield* load(pmd_table.entry, pmd);
  if (pte_none(before) && is_huge_zero_pfn(folio)) {
    yield* store(pmd_table.entry, pmd, pte_mkspecial(folio_mk_pmd(folio, vm_page_prot(vm_flags))));
  } else if (pte_none(before)) {
    yield* insert_pmd_counts(mm, folio);
    const entry = folio_mk_pmd(folio, vm_page_prot(vm_flags));
    yield* store(
      pmd_table.entry,
      pmd,
      write ? maybe_mkwrite(pte_mkyoung(pte_mkdirty(entry)), vm_flags) : entry,
    );
  } else if (write) {
    yield* upgrade_pmd(pmd, before, folio, vm_flags);
  }
  yield* pmd_unlock(pmd);
}

/**
 * Counts a PMD leaf that is about to be put in.
 * Linux: mm/huge_memory.c insert_pmd (7.2), its counts.
 */
export function* insert_pmd_counts(mm: MmId, folio: Pfn): Op {
  yield* folio_get(folio);
  yield* folio_add_file_rmap_pmd(folio);
  yield* add_mm_counter(mm, HPAGE_PMD_NR);
}

/**
 * Takes a PMD leaf away and queues what it held: 1, or 0 if there was none after all.
 * Linux: mm/huge_memory.c zap_huge_pmd (7.2).
 */
export function* zap_huge_pmd(mm: MmId, vma: VmaId, pmd: PmdSlot, address: Vaddr): Op<number> {
  if (!(yield* __pmd_trans_huge_lock(pmd))) return 0;
  const entry = yield* xchg(pmd_table.entry, pmd, 0);
  yield* tlb_remove_tlb_entries(address, HPAGE_PMD_NR);
  const pfn = vm_normal_page_pmd(entry);
  if (pfn === NO_PAGE) {
    yield* pmd_unlock(pmd);
    return 1;
  }
  const folio = yield* page_folio(pfn);
  yield* folio_remove_rmap_pmd(folio);
  yield* add_mm_counter(mm, -HPAGE_PMD_NR);
  if (pte_dirty(entry)) yield* folio_mark_dirty(folio);
  if (pte_young(entry) && (yield* vma_has_recency(vma))) yield* folio_mark_accessed(folio);
  yield* pmd_unlock(pmd);
  yield* tlb_remove_page_size(pfn);
  return 1;
}

/**
 * Takes a PMD leaf away, flushes it and drops what it held; the caller holds its lock. `start` is where the leaf begins.
 * Linux: mm/huge_memory.c __split_huge_pmd_locked (7.2), for a mapping of a file.
 */
export function* __split_huge_pmd_locked(mm: MmId, pmd: PmdSlot, start: Vaddr): Op {
  const entry = yield* pmdp_huge_clear_flush(mm, start, pmd);
  const pfn = vm_normal_page_pmd(entry);
  if (pfn === NO_PAGE) return;
  const folio = yield* page_folio(pfn);
  if (pte_dirty(entry)) yield* folio_mark_dirty(folio);
  if (pte_young(entry)) yield* folio_mark_accessed(folio);
  yield* folio_remove_rmap_pmd(folio);
  yield* add_mm_counter(mm, -HPAGE_PMD_NR);
  yield* folio_put(folio);
}

/**
 * Maps a folio of 1 GiB around `address`, ready to be written if `write`: VM_FAULT_ flags.
 * Linux: mm/huge_memory.c vmf_insert_folio_pud (7.2).
 */
export function* vmf_insert_folio_pud(vma: VmaId, address: Vaddr, folio: Pfn, write: number): Op<number> {
  const order = yield* folio_order(folio);
  if (WARN_ON_ONCE(order !== PUD_ORDER, 'vmf_insert_folio_pud: the folio is of another order', folio)) {
    return VM_FAULT_SIGBUS;
  }
  const start = address - (address % HPAGE_PUD_NR);
  if (start < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (start >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  yield* insert_pud(vma, folio, write);
  return VM_FAULT_NOPAGE;
}

/**
 * Puts a PUD leaf in where there is none, having counted it: one reference and one mapcount, whatever it maps.
 * Linux: mm/huge_memory.c insert_pud (7.2), for a folio. Left out: huge zero pages, frames without a folio.
 */
export function* insert_pud(vma: VmaId, folio: Pfn, write: number): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pud = get(vm_fault.pud, 0);
  yield* pud_lock(mm);
  const before = yield* load(pud_table.entry, pud);
  if (pte_none(before)) {
    yield* folio_get(folio);
    yield* folio_add_file_rmap_pud(folio);
    yield* add_mm_counter(mm, HPAGE_PUD_NR);
    const entry = folio_mk_pmd(folio, vm_page_prot(vm_flags));
    yield* store(
      pud_table.entry,
      pud,
      write ? maybe_mkwrite(pte_mkyoung(pte_mkdirty(entry)), vm_flags) : entry,
    );
  } else if (write) {
    yield* upgrade_pud(pud, before, folio, vm_flags);
  }
  yield* pud_unlock(mm);
}

/**
 * Takes a PUD leaf away and queues what it held: 1, or 0 if there was none after all. What the processor noted in the
 * entry is lost.
 * Linux: mm/huge_memory.c zap_huge_pud (7.2).
 */
export function* zap_huge_pud(mm: MmId, pud: PudSlot, address: Vaddr): Op<number> {
  if (!(yield* __pud_trans_huge_lock(mm, pud))) return 0;
  const entry = yield* xchg(pud_table.entry, pud, 0);
  yield* tlb_remove_tlb_entries(address, HPAGE_PUD_NR);
  const pfn = vm_normal_page_pud(entry);
  if (pfn === NO_PAGE) {
    yield* pud_unlock(mm);
    return 1;
  }
  const folio = yield* page_folio(pfn);
  yield* folio_remove_rmap_pud(folio);
  yield* add_mm_counter(mm, -HPAGE_PUD_NR);
  yield* pud_unlock(mm);
  yield* tlb_remove_page_size(pfn);
  return 1;
}

/**
 * Takes a PUD leaf away, flushes it and drops what it held; the caller holds its lock. `start` is where the leaf begins.
 * Linux: mm/huge_memory.c __split_huge_pud_locked (7.2), for a mapping of a file.
 */
export function* __split_huge_pud_locked(mm: MmId, pud: PudSlot, start: Vaddr): Op {
  const entry = yield* pudp_huge_clear_flush(mm, start, pud);
  const folio = yield* page_folio(entry_pfn(entry));
  if (pte_dirty(entry)) yield* folio_mark_dirty(folio);
  if (pte_young(entry)) yield* folio_mark_accessed(folio);
  yield* folio_remove_rmap_pud(folio);
  yield* add_mm_counter(mm, -HPAGE_PUD_NR);
  yield* folio_put(folio);
}
