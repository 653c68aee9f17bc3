import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { get } from '../../../../machine/primitives/own.ts';
import { alloc_anon_page } from '../../../state/anon_page.ts';
import { copy_pages } from '../../../state/medium_copy.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Entry, MmId, Pfn, PteSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pte_table } from '../../../state/pgtable.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { pte_mkyoung } from '../../arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../arch/x86/mm/pgprot.ts';
import { folio_test_anon, PageAnonExclusive, SetPageAnonExclusive } from '../../include/anon_page.ts';
import { folio_get, folio_put, folio_ref_count, page_folio } from '../../include/mm.ts';
import { add_mm_counter, add_mm_counter_anon } from '../../include/mm_counter.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { entry_pfn, mk_entry } from '../../include/pgtable_types.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_OOM } from '../../include/vm_fault.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { pte_offset_map_lock, ptep_clear_flush } from '../pgtable-generic.ts';
import { folio_add_new_anon_rmap, folio_remove_rmap_ptes } from '../rmap.ts';
import { cow_pte, vmf_anon_prepare } from './cow_fault.ts';
import { wp_page_reuse } from './wp_page_reuse.ts';

/**
 * A write to an entry of a private mapping that does not allow it, or a pin that must not share what it points to: a page
 * that nobody else can have mapped is used as it is, of all others a copy is made. The entry is locked, and unlocked here.
 * Linux: mm/memory.c do_wp_page (7.2), for private mappings.
 */
export function* do_wp_private(
  vma: VmaId,
  address: Vaddr,
  flags: number,
  pte: PteSlot,
  orig: Entry,
  vm_flags: number,
): Op<number> {
  const pfn = vm_normal_page(orig);
  const folio = pfn === NO_PAGE ? NO_PAGE : yield* page_folio(pfn);
  if (folio !== NO_PAGE && folio_test_anon(folio) && (yield* anon_page_is_own(folio))) {
    if (flags & FAULT_FLAG_WRITE) yield* wp_page_reuse(pte, orig, vm_flags);
    else yield* pte_unmap_unlock(pte);
    return 0;
  }
  if (folio !== NO_PAGE) yield* folio_get(folio);
  yield* pte_unmap_unlock(pte);
  return yield* wp_page_copy(vma, address, flags, orig, vm_flags, folio);
}

/**
 * 1 if only this process can have a private copy, because it was never shared or because everyone else has let go of it.
 * Linux: mm/memory.c do_wp_page, wp_can_reuse_anon_folio (7.2). Left out: the folio lock, swap.
 */
export function* anon_page_is_own(folio: Pfn): Op<number> {
  if (yield* PageAnonExclusive(folio)) return 1;
  if ((yield* folio_ref_count(folio)) !== 1) return 0;
  yield* SetPageAnonExclusive(folio);
  return 1;
}

/**
 * Makes a copy and maps it where `orig` stands, unless that has changed meanwhile. The caller holds a reference of `old`
 * (NO_PAGE: what is mapped is not counted), which is dropped here.
 * Linux: mm/memory.c wp_page_copy (7.2). Up to 6.14, the bytes of a device page are read through the mapping.
 */
export function* wp_page_copy(
  vma: VmaId,
  address: Vaddr,
  flags: number,
  orig: Entry,
  vm_flags: number,
  old: Pfn,
): Op<number> {
  const refused = yield* vmf_anon_prepare(vma, flags);
  const copy = refused ? 0 : yield* alloc_anon_page();
  if (copy === 0) {
    if (old !== NO_PAGE) yield* folio_put(old);
    return refused ? refused : VM_FAULT_OOM;
  }
  yield* copy_pages(copy, entry_pfn(orig), 1);
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const pte = yield* pte_offset_map_lock(get(vm_fault.pmd, 0), address);
  const same = pte !== 0 && (yield* load(pte_table.entry, pte)) === orig;
  if (same) {
    const readable = pte_mkyoung(mk_entry(copy, vm_page_prot(vm_flags)));
    const entry = flags & FAULT_FLAG_WRITE ? cow_pte(copy, vm_flags) : readable;
    yield* wp_page_replace(mm, address, pte, orig, old, copy, entry);
  }
  if (pte !== 0) yield* pte_unmap_unlock(pte);
  if (!same) yield* folio_put(copy);
  else if (old !== NO_PAGE) yield* folio_put(old);
  if (old !== NO_PAGE) yield* folio_put(old);
  return 0;
}

/**
 * Puts the copy's entry in the place of the old one, which every TLB has forgotten by then, and counts.
 * Linux: mm/memory.c wp_page_copy (7.2), under its lock.
 */
export function* wp_page_replace(
  mm: MmId,
  address: Vaddr,
  pte: PteSlot,
  orig: Entry,
  old: Pfn,
  copy: Pfn,
  entry: Entry,
): Op {
  if (old === NO_PAGE || !folio_test_anon(old)) {
    if (old !== NO_PAGE) yield* add_mm_counter(mm, -1);
    yield* add_mm_counter_anon(mm, 1);
  }
  yield* ptep_clear_flush(mm, address, pte);
  yield* folio_add_new_anon_rmap(copy);
  yield* store(pte_table.entry, pte, entry);
  if (old !== NO_PAGE) yield* folio_remove_rmap_ptes(old, entry_pfn(orig), 1);
}
