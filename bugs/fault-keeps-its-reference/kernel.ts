import { dax_to_pfn } from '../../src/kernel/common/fs/dax/entries.ts';
import { dax_fault_insert, folio_ref_inc } from '../../src/kernel/refcount/fs/dax/fault.ts';
import type { Pfn, Vaddr, VmaId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_fault_insert: one reference more is left. */
export function* dax_fault_insert__keeps_reference(
  vma: VmaId,
  address: Vaddr,
  entry: number,
  pfn: Pfn,
  nr: number,
  write: number,
): Op<number> {
  yield* folio_ref_inc(dax_to_pfn(entry));
  return yield* dax_fault_insert(vma, address, entry, pfn, nr, write);
}
