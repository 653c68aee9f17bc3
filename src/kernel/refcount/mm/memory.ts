import type { Op } from '../../../machine/primitive.ts';
import { load, store, xchg } from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import {
  pte_dirty,
  pte_mkdirty,
  pte_mkspecial,
  pte_mkyoung,
  pte_none,
  pte_special,
  pte_young,
} from '../../common/arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../common/arch/x86/mm/pgprot.ts';
import { ptep_set_access_flags } from '../../common/arch/x86/mm/pgtable.ts';
import { EBUSY, EFAULT, EINVAL, ENOMEM } from '../../common/include/errno.ts';
import { maybe_mkwrite } from '../../common/include/maybe_mkwrite.ts';
import { folio_get, folio_put, folio_ref_count, page_folio } from '../../common/include/mm.ts';
import { add_mm_counter } from '../../common/include/mm_counter.ts';
import { vma_has_recency } from '../../common/include/mm_inline.ts';
import { pte_unmap_unlock } from '../../common/include/page_table_lock.ts';
import { entry_pfn, mk_entry } from '../../common/include/pgtable_types.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS } from '../../common/include/vm_fault.ts';
import { VM_MAYSHARE, VM_SHARED, VM_WRITENOTIFY } from '../../common/include/vm_flags.ts';
import { NO_PAGE } from '../../common/include/vm_normal_page.ts';
import { is_zero_pfn } from '../../common/include/zero_page.ts';
import { get_locked_pte } from '../../common/mm/memory/pgtable_alloc.ts';
import { wp_page_reuse } from '../../common/mm/memory/wp_page_reuse.ts';
import { wp_pfn_shared } from '../../common/mm/memory/wp_pfn_shared.ts';
import { do_wp_private } from '../../common/mm/memory/wp_private.ts';
import { ZAP_COUNTED, ZAP_FORCE_BREAK, ZAP_FORCE_FLUSH } from '../../common/mm/memory/zap.ts';
import { __tlb_remove_folio_page, tlb_remove_tlb_entries } from '../../common/mm/mmu_gather.ts';
import { folio_mark_dirty } from '../../common/mm/page-writeback.ts';
import { folio_add_file_rmap_pte, folio_remove_rmap_ptes } from '../../common/mm/rmap.ts';
import { folio_mark_accessed } from '../../common/mm/swap.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { Entry, MmId, Pfn, PteSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pte_table } from '../../state/pgtable.ts';

/**
 * The page that a PTE maps as far as the kernel counts mappings, or NO_PAGE.
 * Linux: mm/memory.c vm_normal_page, __vm_normal_page (7.2). Entries of zero pages are special. Left out: VM_PFNMAP and
 * VM_MIXEDMAP, the report of a bad entry.
 */
export function vm_normal_page(entry: Entry): number {
  return pte_special(entry) ? NO_PAGE : entry_pfn(entry);
}

/**
 * The first page that a PMD leaf maps as far as the kernel counts mappings, or NO_PAGE.
 * Linux: mm/memory.c vm_normal_page_pmd (7.2). Left out: as for vm_normal_page.
 */
export function vm_normal_page_pmd(entry: Entry): number {
  return pte_special(entry) ? NO_PAGE : entry_pfn(entry);
}

/**
 * The same of a PUD leaf.
 * Linux: mm/memory.c vm_normal_page_pud (7.2). Left out: as for vm_normal_page.
 */
export function vm_normal_page_pud(entry: Entry): number {
  return pte_special(entry) ? NO_PAGE : entry_pfn(entry);
}

/**
 * Maps page `pfn` at `address`, which may be mapped already, ready to be written if `write`: VM_FAULT_ flags.
 * Linux: mm/memory.c vmf_insert_page_mkwrite (7.2).
 */
export function* vmf_insert_page_mkwrite(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  if (address < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (address >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  const error = yield* insert_page(vma, address, pfn, write);
  if (error === -ENOMEM) return VM_FAULT_OOM;
  return error < 0 && error !== -EBUSY ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

/** Linux: mm/memory.c insert_page (7.2). */
export function* insert_page(vma: VmaId, address: Vaddr, pfn: Pfn, mkwrite: number): Op<number> {
  const folio = yield* page_folio(pfn);
  if (yield* validate_page_before_insert(folio)) return -EINVAL;
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pte = yield* get_locked_pte(mm, address);
  if (pte === 0) return -ENOMEM;
  const error = yield* insert_page_into_pte_locked(mm, pte, folio, pfn, vm_flags, mkwrite);
  yield* pte_unmap_unlock(pte);
  return error;
}

/**
 * 0, or -EINVAL for a page that nobody holds, and that could go while it is being mapped. The zero page stays, and may be
 * mapped wherever the owner hears of writes (vm_mixed_zeropage_allowed).
 * Linux: mm/memory.c validate_page_before_insert (7.2). Left out: anonymous pages, typed pages.
 */
export function* validate_page_before_insert(folio: Pfn): Op<number> {
  if (is_zero_pfn(folio)) return 0;
  return (yield* folio_ref_count(folio)) === 0 ? -EINVAL : 0;
}

/**
 * Puts an entry in, having counted it: the reference and the mapcount rise before anyone can see it.
 * Linux: mm/memory.c insert_page_into_pte_locked (7.2).
 */
export function* insert_page_into_pte_locked(
  mm: MmId,
  pte: PteSlot,
  folio: Pfn,
  pfn: Pfn,
  vm_flags: number,
  mkwrite: number,
): Op<number> {
  const before = yield* load(pte_table.entry, pte);
  if (!pte_none(before)) return yield* upgrade_present_pte(pte, before, pfn, vm_flags, mkwrite);
  const clean = mk_entry(pfn, vm_page_prot(vm_flags));
  if (is_zero_pfn(pfn)) {
    yield* store(pte_table.entry, pte, pte_mkspecial(clean));
    return 0;
  }
  yield* insert_page_counts(mm, folio, pfn);
  yield* store(
    pte_table.entry,
    pte,
    mkwrite ? maybe_mkwrite(pte_mkdirty(pte_mkyoung(clean)), vm_flags) : clean,
  );
  return 0;
}

/**
 * Counts an entry that is about to be put in: the reference first, so that the folio never has more mappings than
 * references.
 * Linux: mm/memory.c insert_page_into_pte_locked (7.2), its counts.
 */
export function* insert_page_counts(mm: MmId, folio: Pfn, pfn: Pfn): Op {
  yield* folio_get(folio);
  yield* add_mm_counter(mm, 1);
  yield* folio_add_file_rmap_pte(folio, pfn);
}

/**
 * Another thread was faster: its entry stays, made writable if need be.
 * Linux: mm/memory.c insert_page_into_pte_locked (7.2), where the entry is not none.
 */
export function* upgrade_present_pte(
  pte: PteSlot,
  before: Entry,
  pfn: Pfn,
  vm_flags: number,
  mkwrite: number,
): Op<number> {
  if (!mkwrite) return -EBUSY;
  const found = entry_pfn(before);
  if (found !== pfn) {
    WARN_ON_ONCE(!is_zero_pfn(found), 'insert_page_into_pte_locked: another page is mapped', found);
    return -EFAULT;
  }
  yield* ptep_set_access_flags(pte, before, pte_mkyoung(maybe_mkwrite(before, vm_flags)), 1);
  return 0;
}

/**
 * Takes one PTE away and queues what it held; what it did as ZAP_ flags. If the entry was dirty, another CPU may still
 * write through it up to the flush, and the mapcount stays until then.
 * Linux: mm/memory.c zap_present_ptes, zap_present_folio_ptes (7.2). Left out: several PTEs of one folio at once,
 * which device-DAX never maps; the report of a bad entry.
 */
export function* zap_present_ptes(vma: VmaId, pte: PteSlot, entry: Entry, address: Vaddr): Op<number> {
  const pfn = vm_normal_page(entry);
  if (pfn === NO_PAGE) {
    yield* xchg(pte_table.entry, pte, 0);
    yield* tlb_remove_tlb_entries(address, 1);
    return 0;
  }
  const folio = yield* page_folio(pfn);
  const before = yield* xchg(pte_table.entry, pte, 0);
  const delay_rmap = pte_dirty(before) ? 1 : 0;
  if (delay_rmap) yield* folio_mark_dirty(folio);
  if (pte_young(before) && (yield* vma_has_recency(vma))) yield* folio_mark_accessed(folio);
  yield* tlb_remove_tlb_entries(address, 1);
  if (!delay_rmap) yield* folio_remove_rmap_ptes(folio, pfn, 1);
  const full = yield* __tlb_remove_folio_page(pfn, delay_rmap);
  return ZAP_COUNTED | (delay_rmap || full ? ZAP_FORCE_FLUSH : 0) | (full ? ZAP_FORCE_BREAK : 0);
}

/**
 * A write to an entry that does not allow it; the entry is locked, and unlocked here. A file system wants to hear of it as it
 * did when its pages were not counted.
 * Linux: mm/memory.c do_wp_page (7.2).
 */
export function* do_wp_page(
  vma: VmaId,
  address: Vaddr,
  flags: number,
  pte: PteSlot,
  orig: Entry,
  vm_flags: number,
): Op<number> {
  if (!(vm_flags & (VM_SHARED | VM_MAYSHARE)))
    return yield* do_wp_private(vma, address, flags, pte, orig, vm_flags);
  if (vm_normal_page(orig) === NO_PAGE || is_fsdax_page(vm_flags))
    return yield* wp_pfn_shared(pte, orig, vm_flags);
  return yield* wp_page_shared(pte, orig, vm_flags);
}

/**
 * Whether the pages of a mapping belong to a DAX file, whose VMAs alone want to hear of writes.
 * Linux: include/linux/memremap.h is_fsdax_page (7.2), which looks at the page's pgmap.
 */
export function is_fsdax_page(vm_flags: number): boolean {
  return (vm_flags & VM_WRITENOTIFY) !== 0;
}

/** Linux: mm/memory.c wp_page_shared (7.2), for a driver without page_mkwrite. */
export function* wp_page_shared(pte: PteSlot, orig: Entry, vm_flags: number): Op<number> {
  const folio = yield* page_folio(entry_pfn(orig));
  yield* folio_get(folio);
  yield* wp_page_reuse(pte, orig, vm_flags);
  yield* fault_dirty_shared_page(folio);
  yield* folio_put(folio);
  return 0;
}

/**
 * Linux: mm/memory.c fault_dirty_shared_page (7.2). Left out: the folio lock, which only dirtying takes here; file
 * times; throttling of writers.
 */
export function* fault_dirty_shared_page(folio: Pfn): Op {
  yield* folio_mark_dirty(folio);
}
