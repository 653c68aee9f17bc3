import { dax_associate_entry, dax_disassociate_entry } from '#scheme/fs/dax/associate.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { get, WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import {
  DAX_LOCKED,
  DAX_ZERO_PAGE,
  PAGECACHE_TAG_DIRTY,
  PAGECACHE_TAG_TOWRITE,
} from '../../../state/address_space.ts';
import { iomap } from '../../../state/iomap.ts';
import type { MappingId, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { xas_set_mark } from '../../../state/xarray.ts';
import { IOMAP_F_SHARED } from '../../include/iomap.ts';
import { dax_is_empty_entry, dax_is_zero_entry, dax_make_entry } from './entries.ts';
import { dax_lock_entry, xas_lock_irq, xas_unlock_irq } from './entry_lock.ts';
import { dax_unmap_entry } from './grab.ts';

/**
 * Makes the entry that a fault has locked say which frame it is about to map; an entry that says so already stays, be it
 * a larger one. Returns the entry as it is to be when unlocked. `write` and `synchronous` tell what the fault is for, and
 * the caller's struct iomap whether the block is shared.
 * Linux: fs/dax.c dax_insert_entry (7.2). Left out: telling the inode that it has dirty pages, since nobody writes back
 * on his own account.
 */
export function* dax_insert_entry(
  mapping: MappingId,
  index: number,
  vma: VmaId,
  address: Vaddr,
  entry: number,
  pfn: Pfn,
  flags: number,
  write: number,
  synchronous: number,
): Op<number> {
  const shared = get(iomap.flags, 0) & IOMAP_F_SHARED;
  if (shared || dax_hole_is_filled(entry, flags)) yield* dax_unmap_entry(mapping, index, entry);
  let inserted = entry;
  yield* xas_lock_irq(mapping);
  if (shared || dax_is_zero_entry(entry) || dax_is_empty_entry(entry)) {
    inserted = dax_make_entry(pfn, flags);
    yield* dax_disassociate_entry(entry, mapping, 0);
    yield* dax_associate_entry(inserted, mapping, vma, address, shared);
    const before = yield* dax_lock_entry(mapping, index, inserted);
    WARN_ON_ONCE(before !== entry + DAX_LOCKED, 'dax_insert_entry: another entry was locked');
  }
  if (write && !synchronous) yield* dax_mark_entry_dirty(mapping, index);
  if (write && shared) yield* xas_set_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
  yield* xas_unlock_irq(mapping);
  return inserted;
}

/** Notes that the caches may have what the medium has not; the caller holds xa_lock. Linux: fs/dax.c dax_insert_entry, dax_insert_pfn_mkwrite (7.2). */
export function* dax_mark_entry_dirty(mapping: MappingId, index: number): Op {
  yield* xas_set_mark(mapping, index, PAGECACHE_TAG_DIRTY);
}

/** Whether a block comes where zeros are mapped. Linux: fs/dax.c dax_insert_entry (7.2), its test of DAX_ZERO_PAGE. */
export function dax_hole_is_filled(entry: number, flags: number): boolean {
  return dax_is_zero_entry(entry) && (flags & DAX_ZERO_PAGE) === 0;
}
