import type { Op } from '../../../machine/primitive.ts';
import { load, store, xchg } from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import {
  pte_mkdirty,
  pte_mkspecial,
  pte_mkyoung,
  pte_none,
  pte_special,
} from '../../common/arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../common/arch/x86/mm/pgprot.ts';
import { ptep_set_access_flags } from '../../common/arch/x86/mm/pgtable.ts';
import { maybe_mkwrite } from '../../common/include/maybe_mkwrite.ts';
import { pte_unmap_unlock } from '../../common/include/page_table_lock.ts';
import { entry_pfn, mk_entry } from '../../common/include/pgtable_types.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS } from '../../common/include/vm_fault.ts';
import { VM_MAYSHARE, VM_SHARED } from '../../common/include/vm_flags.ts';
import { NO_PAGE } from '../../common/include/vm_normal_page.ts';
import { is_huge_zero_pfn, is_zero_pfn } from '../../common/include/zero_page.ts';
import { get_locked_pte } from '../../common/mm/memory/pgtable_alloc.ts';
import { wp_pfn_shared } from '../../common/mm/memory/wp_pfn_shared.ts';
import { do_wp_private } from '../../common/mm/memory/wp_private.ts';
import { tlb_remove_tlb_entries } from '../../common/mm/mmu_gather.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { Entry, Pfn, PteSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pte_table } from '../../state/pgtable.ts';
import { pte_devmap, pte_mkdevmap } from '../include/pgtable.ts';

/**
 * The page that a PTE maps as far as the kernel counts mappings, or NO_PAGE: a devmap entry and one of the zero page are
 * special, and have none.
 * Linux: mm/memory.c vm_normal_page (6.12). Left out: VM_PFNMAP and VM_MIXEDMAP, the report of a bad entry.
 */
export function vm_normal_page(entry: Entry): number {
  return pte_special(entry) ? NO_PAGE : entry_pfn(entry);
}

/**
 * The first page that a PMD leaf maps as far as the kernel counts mappings, or NO_PAGE.
 * Linux: mm/memory.c vm_normal_page_pmd (6.12). Left out: as for vm_normal_page.
 */
export function vm_normal_page_pmd(entry: Entry): number {
  return pte_special(entry) || pte_devmap(entry) || is_huge_zero_pfn(entry_pfn(entry))
    ? NO_PAGE
    : entry_pfn(entry);
}

/**
 * The same of a PUD leaf. Linux 6.12 has no such function: its walkers test pud_devmap in place.
 */
export function vm_normal_page_pud(entry: Entry): number {
  return pte_devmap(entry) ? NO_PAGE : entry_pfn(entry);
}

/**
 * Maps page `pfn` at `address`, which may be mapped already: VM_FAULT_ flags. Even a write fault does not ask for
 * more than vm_page_prot allows, and the processor sets the dirty bit.
 * Linux: mm/memory.c vmf_insert_mixed (6.12).
 */
export function* vmf_insert_mixed(vma: VmaId, address: Vaddr, pfn: Pfn): Op<number> {
  return yield* __vm_insert_mixed(vma, address, pfn, 0);
}

/**
 * The same for a write that the file system knows of: the entry is writable and dirty.
 * Linux: mm/memory.c vmf_insert_mixed_mkwrite (6.12).
 */
export function* vmf_insert_mixed_mkwrite(vma: VmaId, address: Vaddr, pfn: Pfn): Op<number> {
  return yield* __vm_insert_mixed(vma, address, pfn, 1);
}

/** Linux: mm/memory.c __vm_insert_mixed, vm_mixed_ok (6.12). Left out: pages without devmap but the zero page, memory types. */
export function* __vm_insert_mixed(vma: VmaId, address: Vaddr, pfn: Pfn, mkwrite: number): Op<number> {
  if (mkwrite && is_zero_pfn(pfn)) return VM_FAULT_SIGBUS;
  if (address < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (address >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  return yield* insert_pfn(vma, address, pfn, mkwrite);
}

/** The entry that maps a frame. Linux: mm/memory.c insert_pfn (6.12), the value. */
export function pfn_t_pte(pfn: Pfn, prot: number): Entry {
  return is_zero_pfn(pfn) ? pte_mkspecial(mk_entry(pfn, prot)) : pte_mkdevmap(mk_entry(pfn, prot));
}

/**
 * Puts a devmap entry in where there is none, or makes the one that is there writable if `mkwrite`. Nothing counts it:
 * the page stays as it was.
 * Linux: mm/memory.c insert_pfn (6.12).
 */
export function* insert_pfn(vma: VmaId, address: Vaddr, pfn: Pfn, mkwrite: number): Op<number> {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pte = yield* get_locked_pte(mm, address);
  if (pte === 0) return VM_FAULT_OOM;
  const before = yield* load(pte_table.entry, pte);
  if (pte_none(before)) {
    const entry = pfn_t_pte(pfn, vm_page_prot(vm_flags));
    yield* store(
      pte_table.entry,
      pte,
      mkwrite ? maybe_mkwrite(pte_mkdirty(pte_mkyoung(entry)), vm_flags) : entry,
    );
  } else if (mkwrite) {
    yield* insert_pfn_upgrade(pte, before, pfn, vm_flags);
  }
  yield* pte_unmap_unlock(pte);
  return VM_FAULT_NOPAGE;
}

/**
 * A write that finds an entry already there: makes it writable if it is the one that would have been put in.
 * Linux: mm/memory.c insert_pfn (6.12), where the entry is not none.
 */
export function* insert_pfn_upgrade(pte: PteSlot, before: Entry, pfn: Pfn, vm_flags: number): Op {
  const found = entry_pfn(before);
  if (found !== pfn) {
    WARN_ON_ONCE(!is_zero_pfn(found), 'insert_pfn: another page is mapped', found);
    return;
  }
  const entry = maybe_mkwrite(pte_mkdirty(pte_mkyoung(before)), vm_flags);
  yield* ptep_set_access_flags(pte, before, entry, 1);
}

/**
 * Takes one PTE away; what it did as ZAP_ flags. What the processor noted in the entry is lost.
 * Linux: mm/memory.c zap_present_ptes (6.12), where vm_normal_page finds no page.
 */
export function* zap_present_ptes(_vma: VmaId, pte: PteSlot, _entry: Entry, address: Vaddr): Op<number> {
  yield* xchg(pte_table.entry, pte, 0);
  yield* tlb_remove_tlb_entries(address, 1);
  return 0;
}

/**
 * A write to an entry that does not allow it; the entry is locked, and unlocked here.
 * Linux: mm/memory.c do_wp_page (6.12).
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
  return yield* wp_pfn_shared(pte, orig, vm_flags);
}
