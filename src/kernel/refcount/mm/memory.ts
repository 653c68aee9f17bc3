import { pte_special } from '../../common/arch/x86/include/asm/pgtable.ts';
import { entry_pfn } from '../../common/include/pgtable_types.ts';
import { NO_PAGE } from '../../common/include/vm_normal_page.ts';
import type { Entry } from '../../state/numbers.ts';

/**
 * The page that a PTE maps as far as the kernel counts mappings, or NO_PAGE.
 * Linux: mm/memory.c vm_normal_page, __vm_normal_page (7.2). Left out: VM_PFNMAP and VM_MIXEDMAP, zero pages, the
 * report of a bad entry.
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
