import type { Op } from '../../../../machine/primitive.ts';
import type { Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { vmf_insert_pfn_pmd, vmf_insert_pfn_pud } from '../../mm/huge_memory.ts';
import { vmf_insert_mixed } from '../../mm/memory.ts';

/**
 * Maps one page, for a write just as for a read: the entry's permissions come from the mapping, and the processor sets
 * its dirty bit.
 * Linux: drivers/dax/device.c __dev_dax_pte_fault (6.12), its end.
 */
export function* __dev_dax_pte_fault(vma: VmaId, address: Vaddr, pfn: Pfn, _write: number): Op<number> {
  return yield* vmf_insert_mixed(vma, address, pfn);
}

/**
 * Maps 2 MiB by one entry.
 * Linux: drivers/dax/device.c __dev_dax_pmd_fault (6.12), its end.
 */
export function* __dev_dax_pmd_fault(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  return yield* vmf_insert_pfn_pmd(vma, address, pfn, write);
}

/**
 * Maps 1 GiB by one entry.
 * Linux: drivers/dax/device.c __dev_dax_pud_fault (6.12), its end.
 */
export function* __dev_dax_pud_fault(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  return yield* vmf_insert_pfn_pud(vma, address, pfn, write);
}
