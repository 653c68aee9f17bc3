import type { Op } from '../../../../machine/primitive.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { linear_page_index } from '../../../common/drivers/dax/device.ts';
import { dax_entry_size, dax_to_pfn } from '../../../common/fs/dax/entries.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import {
  clear_page_mappings,
  dax_page_share_get,
  first_page_above,
  set_page_mappings,
} from '../../../state/dax_folio.ts';
import type { MappingId, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';

/*
 * Whose the pages behind an entry are. Every base page is a folio of its own, and counts 1 whoever maps it.
 */

/**
 * Notes in the pages of an entry whose they are, or that one file more has them if they are `shared`. The caller holds
 * xa_lock, and the entry locked. Holes and locks have no pages.
 * Linux: fs/dax.c dax_associate_entry (6.12).
 */
export function* dax_associate_entry(
  entry: number,
  mapping: MappingId,
  vma: VmaId,
  address: Vaddr,
  shared: number,
): Op {
  const size = dax_entry_size(entry);
  if (size === 0) return;
  const index = yield* linear_page_index(vma, address - (address % size));
  if (shared) yield* dax_page_share_get(dax_to_pfn(entry), size);
  else yield* dax_associate_pages(dax_to_pfn(entry), size, mapping, index);
}

/** Gives pages to a file that nobody else has. Linux: fs/dax.c dax_associate_entry (6.12), its pages that are not shared. */
export function* dax_associate_pages(pfn: Pfn, nr: number, mapping: MappingId, index: number): Op {
  const owned = yield* set_page_mappings(pfn, nr, mapping, index);
  WARN_ON_ONCE(owned !== NO_PAGE, 'dax_associate_entry: the page has an owner', owned);
}

/**
 * Notes in the pages of an entry that a file loses them; `trunc` if that is for good, so that nobody may use them any more.
 * The caller holds xa_lock.
 * Linux: fs/dax.c dax_disassociate_entry (6.12).
 */
export function* dax_disassociate_entry(entry: number, mapping: MappingId, trunc: number): Op {
  const size = dax_entry_size(entry);
  if (size === 0) return;
  if (trunc) yield* warn_of_busy_pages(dax_to_pfn(entry), size);
  const strange = yield* clear_page_mappings(dax_to_pfn(entry), size, mapping);
  WARN_ON_ONCE(strange !== NO_PAGE, 'dax_disassociate_entry: the page has another owner', strange);
}

/** Linux: fs/dax.c dax_disassociate_entry (6.12), its warning. */
export function* warn_of_busy_pages(pfn: Pfn, nr: number): Op {
  const busy = yield* first_page_above(pfn, nr, 1);
  WARN_ON_ONCE(busy !== NO_PAGE, 'dax_disassociate_entry: somebody holds a page that is truncated', busy);
}
