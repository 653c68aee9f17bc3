import type { Op } from '../../../../machine/primitive.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE } from '../../../state/address_space.ts';
import { vma_interval_tree_next } from '../../../state/maple_tree.ts';
import type { MappingId, Pfn, VmaId } from '../../../state/numbers.ts';
import { xas_clear_mark, xas_find_marked, xas_get_mark, xas_load, xas_store } from '../../../state/xarray.ts';
import { dax_flush } from '../../drivers/dax/flush.ts';
import { EIO } from '../../include/errno.ts';
import { i_mmap_lock_read, i_mmap_unlock_read } from '../../include/fs.ts';
import { tag_pages_for_writeback } from '../../mm/page-writeback.ts';
import { pfn_mkclean_range } from '../../mm/rmap/mkclean.ts';
import {
  dax_entry_order,
  dax_entry_start,
  dax_is_empty_entry,
  dax_is_locked,
  dax_is_zero_entry,
  dax_to_pfn,
} from './entries.ts';
import {
  dax_lock_entry,
  dax_wake_entry,
  get_next_unlocked_entry,
  put_unlocked_entry,
  WAKE_NEXT,
  xas_lock_irq,
  xas_unlock_irq,
} from './entry_lock.ts';
import { dax_entry_next } from './layout.ts';

/**
 * Makes what was written through mappings of pages `[start_idx, end_idx]` of a file durable: 0 or -EIO. Pins that are written
 * through do not count as mappings.
 * Linux: fs/dax.c dax_writeback_mapping_range (7.2), for WB_SYNC_ALL. Left out: giving way to other tasks.
 */
export function* dax_writeback_mapping_range(
  mapping: MappingId,
  start_idx: number,
  end_idx: number,
): Op<number> {
  let error = 0;
  yield* tag_pages_for_writeback(mapping, start_idx, end_idx);
  yield* xas_lock_irq(mapping);
  let index = yield* xas_find_marked(mapping, start_idx, end_idx, PAGECACHE_TAG_TOWRITE);
  while (index >= 0 && error === 0) {
    const found = yield* xas_load(mapping, index);
    error = yield* dax_writeback_one(mapping, index, found);
    index = yield* xas_find_marked(mapping, dax_entry_next(found, index), end_idx, PAGECACHE_TAG_TOWRITE);
  }
  yield* xas_unlock_irq(mapping);
  return error;
}

/**
 * Writes back what one entry stands for, unless somebody else did so while it was locked. Faults wait for the entry up to
 * the end. The caller holds xa_lock, which is dropped in between.
 * Linux: fs/dax.c dax_writeback_one (7.2).
 */
export function* dax_writeback_one(mapping: MappingId, index: number, found: number): Op<number> {
  let entry = found;
  if (dax_is_locked(found)) {
    entry = yield* get_next_unlocked_entry(mapping, index, 0);
    if (!(yield* dax_entry_still_towrite(mapping, index, found, entry))) {
      yield* put_unlocked_entry(mapping, index, entry, WAKE_NEXT);
      return 0;
    }
  }
  const strange = dax_is_zero_entry(entry) || dax_is_empty_entry(entry);
  if (WARN_ON_ONCE(strange, 'dax_writeback_one: the entry has no page')) {
    yield* put_unlocked_entry(mapping, index, entry, WAKE_NEXT);
    return -EIO;
  }
  yield* dax_lock_entry(mapping, index, entry);
  yield* xas_clear_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
  yield* xas_unlock_irq(mapping);
  const count = 1 << dax_entry_order(entry);
  yield* dax_mkclean_mappings(mapping, dax_to_pfn(entry), dax_entry_start(entry, index), count);
  yield* dax_flush(dax_to_pfn(entry), count);
  yield* xas_lock_irq(mapping);
  yield* dax_written_back(mapping, index, entry);
  return 0;
}

/**
 * Whether an entry that was found locked as `found` still has to be written back as `entry`, to which it was unlocked.
 * Linux: fs/dax.c dax_writeback_one (7.2), its tests.
 */
export function* dax_entry_still_towrite(
  mapping: MappingId,
  index: number,
  found: number,
  entry: number,
): Op<number> {
  if (entry === 0 || dax_to_pfn(found) !== dax_to_pfn(entry)) return 0;
  return yield* xas_get_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
}

/**
 * Cleans all entries, in every address space, that map `count` pages of a file from page `index` on.
 * Linux: fs/dax.c dax_writeback_one (7.2), its walk over the VMAs.
 */
export function* dax_mkclean_mappings(mapping: MappingId, pfn: Pfn, index: number, count: number): Op {
  const last = index + count - 1;
  yield* i_mmap_lock_read(mapping);
  let vma: VmaId = yield* vma_interval_tree_next(mapping, 0, index, last);
  while (vma !== 0) {
    yield* pfn_mkclean_range(pfn, count, index, vma);
    vma = yield* vma_interval_tree_next(mapping, vma, index, last);
  }
  yield* i_mmap_unlock_read(mapping);
}

/**
 * Unlocks an entry whose contents are durable, declares it clean, and wakes who waits for it.
 * Linux: fs/dax.c dax_writeback_one (7.2), its end.
 */
export function* dax_written_back(mapping: MappingId, index: number, entry: number): Op {
  yield* xas_store(mapping, index, entry);
  yield* xas_clear_mark(mapping, index, PAGECACHE_TAG_DIRTY);
  yield* dax_wake_entry(mapping, index, entry, WAKE_NEXT);
}
