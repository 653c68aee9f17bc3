import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import { alloc_anon_page } from '../../../state/anon_page.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Entry, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pte_table } from '../../../state/pgtable.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { pte_mkdirty, pte_mkyoung, pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../arch/x86/mm/pgprot.ts';
import { maybe_mkwrite } from '../../include/maybe_mkwrite.ts';
import { folio_put } from '../../include/mm.ts';
import { add_mm_counter_anon } from '../../include/mm_counter.ts';
import { mmap_read_trylock, mmap_read_unlock } from '../../include/mmap_lock.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { mk_entry } from '../../include/pgtable_types.ts';
import {
  FAULT_FLAG_VMA_LOCK,
  VM_FAULT_DONE_COW,
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
} from '../../include/vm_fault.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';
import { folio_add_new_anon_rmap } from '../rmap.ts';
import { pte_alloc } from './pgtable_alloc.ts';

/**
 * Before the first write to a page of a private mapping of which nothing is mapped yet: takes a page for the owner of the file
 * to fill. 0 or a VM_FAULT_ code.
 * Linux: mm/memory.c do_cow_fault (7.2), up to its __do_fault.
 */
export function* prepare_cow_fault(vma: VmaId, flags: number): Op<number> {
  const refused = yield* vmf_anon_prepare(vma, flags);
  if (refused) return refused;
  const copy = yield* alloc_anon_page();
  if (copy === 0) return VM_FAULT_OOM;
  put(vm_fault.cow_page, 0, copy);
  return 0;
}

/** Gives the page back if it was not mapped in the end. Linux: mm/memory.c do_cow_fault (7.2), from its __do_fault on. */
export function* finish_cow_fault(fault: number): Op<number> {
  const copy = get(vm_fault.cow_page, 0);
  put(vm_fault.cow_page, 0, 0);
  if (fault & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY)) yield* folio_put(copy);
  return fault & ~VM_FAULT_DONE_COW;
}

/**
 * Sees to it that a VMA is known to have private pages: 0, or VM_FAULT_RETRY where that would take a lock that cannot be had
 * under the VMA's.
 * Linux: mm/memory.c vmf_anon_prepare, __vmf_anon_prepare (7.2). Left out: the anon_vma itself, through which such pages are
 * found.
 */
export function* vmf_anon_prepare(vma: VmaId, flags: number): Op<number> {
  if (yield* load(vm_area_struct.anon_vma, vma)) return 0;
  if (!(flags & FAULT_FLAG_VMA_LOCK)) {
    yield* store(vm_area_struct.anon_vma, vma, 1);
    return 0;
  }
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  if (!(yield* mmap_read_trylock(mm))) return VM_FAULT_RETRY;
  yield* store(vm_area_struct.anon_vma, vma, 1);
  yield* mmap_read_unlock(mm);
  return 0;
}

/** The entry of a private copy that is about to be written. Linux: mm/memory.c set_pte_range, wp_page_copy (7.2), the value. */
export function cow_pte(copy: Pfn, vm_flags: number): Entry {
  return maybe_mkwrite(pte_mkdirty(pte_mkyoung(mk_entry(copy, vm_page_prot(vm_flags)))), vm_flags);
}

/**
 * Maps the page that was filled for a private mapping: 0, or VM_FAULT_NOPAGE if another thread was faster.
 * Linux: mm/memory.c finish_fault, set_pte_range (7.2), for such a page.
 */
export function* finish_fault(vma: VmaId, address: Vaddr, copy: Pfn): Op<number> {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pmd = get(vm_fault.pmd, 0);
  yield* pte_alloc(pmd);
  const pte = yield* pte_offset_map_lock(pmd, address);
  if (pte === 0) return VM_FAULT_NOPAGE;
  if (!pte_none(yield* load(pte_table.entry, pte))) {
    yield* pte_unmap_unlock(pte);
    return VM_FAULT_NOPAGE;
  }
  yield* folio_add_new_anon_rmap(copy);
  yield* store(pte_table.entry, pte, cow_pte(copy, vm_flags));
  yield* add_mm_counter_anon(mm, 1);
  yield* pte_unmap_unlock(pte);
  return 0;
}
