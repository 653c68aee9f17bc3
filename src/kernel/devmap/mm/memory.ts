import type { Op } from '../../../machine/primitive.ts';
import { load, store, xchg } from '../../../machine/primitives/access.ts';
import { pte_none, pte_special } from '../../common/arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../common/arch/x86/mm/pgprot.ts';
import { pte_unmap_unlock } from '../../common/include/page_table_lock.ts';
import { entry_pfn, mk_entry } from '../../common/include/pgtable_types.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS } from '../../common/include/vm_fault.ts';
import { NO_PAGE } from '../../common/include/vm_normal_page.ts';
import { get_locked_pte } from '../../common/mm/memory/pgtable_alloc.ts';
import { wp_page_reuse } from '../../common/mm/memory/wp_page_reuse.ts';
import { tlb_remove_tlb_entries } from '../../common/mm/mmu_gather.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { Entry, Pfn, PteSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pte_table } from '../../state/pgtable.ts';
import { pte_devmap, pte_mkdevmap } from '../include/pgtable.ts';

/**
 * The page that a PTE maps as far as the kernel counts mappings, or NO_PAGE: a devmap entry is special, and has none.
 * Linux: mm/memory.c vm_normal_page (6.12). Left out: VM_PFNMAP and VM_MIXEDMAP, zero pages, the report of a bad entry.
 */
export function vm_normal_page(entry: Entry): number {
  return pte_special(entry) ? NO_PAGE : entry_pfn(entry);
}

/**
 * The first page that a PMD leaf maps as far as the kernel counts mappings, or NO_PAGE.
 * Linux: mm/memory.c vm_normal_page_pmd (6.12). Left out: as for vm_normal_page.
 */
export function vm_normal_page_pmd(entry: Entry): number {
  return pte_special(entry) || pte_devmap(entry) ? NO_PAGE : entry_pfn(entry);
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
 * Linux: mm/memory.c vmf_insert_mixed, __vm_insert_mixed (6.12). Left out: zero pages, pages without devmap.
 */
export function* vmf_insert_mixed(vma: VmaId, address: Vaddr, pfn: Pfn): Op<number> {
  if (address < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (address >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  return yield* insert_pfn(vma, address, pfn);
}

/**
 * Puts a devmap entry in where there is none. Nothing counts it: the page stays as it was.
 * Linux: mm/memory.c insert_pfn (6.12), with mkwrite = false.
 */
export function* insert_pfn(vma: VmaId, address: Vaddr, pfn: Pfn): Op<number> {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pte = yield* get_locked_pte(mm, address);
  if (pte === 0) return VM_FAULT_OOM;
  if (pte_none(yield* load(pte_table.entry, pte))) {
    yield* store(pte_table.entry, pte, pte_mkdevmap(mk_entry(pfn, vm_page_prot(vm_flags))));
  }
  yield* pte_unmap_unlock(pte);
  return VM_FAULT_NOPAGE;
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
 * Linux: mm/memory.c do_wp_page (6.12), where vm_normal_page finds no page. Left out: private mappings.
 */
export function* do_wp_page(pte: PteSlot, orig: Entry, vm_flags: number): Op<number> {
  return yield* wp_pfn_shared(pte, orig, vm_flags);
}

/** Linux: mm/memory.c wp_pfn_shared (6.12), for a driver without pfn_mkwrite. */
export function* wp_pfn_shared(pte: PteSlot, orig: Entry, vm_flags: number): Op<number> {
  yield* wp_page_reuse(pte, orig, vm_flags);
  return 0;
}
