import type { Op } from '../../../../machine/primitive.ts';
import type { Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { vmf_insert_folio_pmd, vmf_insert_folio_pud } from '../../mm/huge_memory.ts';
import { vmf_insert_page_mkwrite } from '../../mm/memory.ts';

/**
 * Maps one page.
 * Linux: drivers/dax/device.c __dev_dax_pte_fault (7.2), its end.
 */
export function* __dev_dax_pte_fault(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  return yield* vmf_insert_page_mkwrite(vma, address, pfn, write);
}

/**
 * Maps 2 MiB by one entry.
 * Linux: drivers/dax/device.c __dev_dax_pmd_fault (7.2), its end.
 */
export function* __dev_dax_pmd_fault(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  return yield* vmf_insert_folio_pmd(vma, address, pfn, write);
}

/**
 * Maps 1 GiB by one entry.
 * Linux: drivers/dax/device.c __dev_dax_pud_fault (7.2), its end.
 */
export function* __dev_dax_pud_fault(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  return yield* vmf_insert_folio_pud(vma, address, pfn, write);
}
