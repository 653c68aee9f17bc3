import type { Op } from '../../../../machine/primitive.ts';
import { folio_put, folio_ref_add } from '../../../common/include/mm.ts';
import { HUGE_ZERO_PFN, ZERO_PFN } from '../../../common/include/zero_page.ts';
import type { Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { vmf_insert_folio_pmd } from '../../mm/huge_memory.ts';
import { vmf_insert_page_mkwrite } from '../../mm/memory.ts';
import { dax_to_folio } from './associate.ts';

/**
 * Maps the `nr` frames (1 or 512) that a fault has found, with a reference of the folio of `entry` held meanwhile, which may
 * be its first one. What maps it then has one of its own.
 * Linux: fs/dax.c dax_fault_iter, dax_insert_pfn_mkwrite (7.2), their insertion.
 */
export function* dax_fault_insert(
  vma: VmaId,
  address: Vaddr,
  entry: number,
  pfn: Pfn,
  nr: number,
  write: number,
): Op<number> {
  const folio = yield* dax_to_folio(entry);
  yield* folio_ref_inc(folio);
  const fault =
    nr > 1
      ? yield* vmf_insert_folio_pmd(vma, address, pfn, write)
      : yield* vmf_insert_page_mkwrite(vma, address, pfn, write);
  yield* folio_put(folio);
  return fault;
}

/**
 * Adds a reference to a folio that may have none: the lock of its entry keeps it from being freed.
 * Linux: include/linux/page_ref.h folio_ref_inc (7.2).
 */
export function* folio_ref_inc(folio: Pfn): Op {
  yield* folio_ref_add(folio, 1);
}

/**
 * Maps the zero page for a hole.
 * Linux: fs/dax.c dax_load_hole (7.2), its insertion.
 */
export function* dax_load_hole(vma: VmaId, address: Vaddr): Op<number> {
  return yield* vmf_insert_page_mkwrite(vma, address, ZERO_PFN, 0);
}

/**
 * Maps 2 MiB of zeros for a hole.
 * Linux: fs/dax.c dax_pmd_load_hole (7.2), its insertion.
 */
export function* dax_pmd_load_hole(vma: VmaId, address: Vaddr): Op<number> {
  return yield* vmf_insert_folio_pmd(vma, address, HUGE_ZERO_PFN, 0);
}
