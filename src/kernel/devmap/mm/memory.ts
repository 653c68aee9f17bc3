import { pte_special } from '../../common/arch/x86/include/asm/pgtable.ts';
import { entry_pfn } from '../../common/include/pgtable_types.ts';
import { NO_PAGE } from '../../common/include/vm_normal_page.ts';
import type { Entry } from '../../state/numbers.ts';
import { pte_devmap } from '../include/pgtable.ts';

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
