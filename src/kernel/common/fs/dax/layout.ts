import {
  dax_busy_page,
  dax_entry_settled,
  dax_layout_busy_page_range,
  dax_page_is_idle,
} from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../../machine/primitive.ts';
import type { InodeId, MappingId, Pfn } from '../../../state/numbers.ts';
import { finish_wait, prepare_to_wait_event, schedule_until_woken } from '../../../state/wait_bit.ts';
import { xas_find, xas_load, xas_next_entry } from '../../../state/xarray.ts';
import { LAST_PGOFF } from '../../include/fs.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { filemap_invalidate_lock, filemap_invalidate_unlock } from '../inode_lock.ts';
import { dax_entry_order, dax_entry_start } from './entries.ts';
import { put_unlocked_entry, WAKE_NEXT, xas_lock_irq, xas_unlock_irq } from './entry_lock.ts';

/*
 * Breaking a layout: before a file system may give blocks of a file away, nobody may map them, and nobody may have
 * pages of theirs for I/O. The caller holds invalidate_lock for writing, so that no fault maps anything anew. Ranges are
 * in pages, and both ends belong to them.
 */

/** Index behind what the entry that was found at `index` covers. Linux: lib/xarray.c xas_pause (7.2), where it goes on. */
export function dax_entry_next(entry: number, index: number): number {
  return dax_entry_start(entry, index) + (1 << dax_entry_order(entry));
}

/**
 * The first page of a file that somebody has for I/O, or NO_PAGE.
 * Linux: fs/dax.c dax_layout_busy_page (7.2).
 */
export function* dax_layout_busy_page(mapping: MappingId): Op<number> {
  return yield* dax_layout_busy_page_range(mapping, 0, LAST_PGOFF);
}

/**
 * The first page that is busy among those whose entries lie in a range, or NO_PAGE. Who maps them is gone already.
 * Linux: fs/dax.c dax_layout_busy_page_range (7.2), its look at the entries. Left out: giving way to other tasks.
 */
export function* dax_scan_for_busy_page(mapping: MappingId, start_idx: number, end_idx: number): Op<number> {
  let busy = NO_PAGE;
  yield* xas_lock_irq(mapping);
  let index = yield* xas_find(mapping, start_idx, end_idx);
  while (index >= 0) {
    const entry = yield* dax_entry_settled(mapping, index, yield* xas_load(mapping, index));
    if (entry !== 0) busy = yield* dax_busy_page(entry);
    yield* put_unlocked_entry(mapping, index, entry, WAKE_NEXT);
    if (busy !== NO_PAGE) break;
    index = yield* xas_next_entry(mapping, index, end_idx);
  }
  yield* xas_unlock_irq(mapping);
  return busy;
}

/**
 * Waits until nobody has a page for I/O any more, or nearly so: whoever waits looks at all pages again. The thread is in
 * the queue before it looks, so that it cannot miss who makes the page idle.
 * Linux: fs/dax.c wait_page_idle (7.2); fs/ext4/inode.c ext4_break_layouts, fs/xfs/xfs_file.c xfs_break_dax_layouts
 * (6.12), their wait. Left out: signals, which end the wait.
 */
export function* wait_page_idle(busy: Pfn, inode: InodeId): Op {
  yield* prepare_to_wait_event(busy);
  while (!(yield* dax_page_is_idle(busy))) {
    yield* wait_dax_page(inode);
    yield* prepare_to_wait_event(busy);
  }
  yield* finish_wait();
}

/**
 * One sleep of that wait. Whoever has to be waited for may need a fault to get done, so faults may go on meanwhile.
 * Linux: fs/ext4/inode.c ext4_wait_dax_page (7.2); fs/xfs/xfs_file.c xfs_wait_dax_page (7.2).
 */
export function* wait_dax_page(inode: InodeId): Op {
  yield* filemap_invalidate_unlock(inode);
  yield* schedule_until_woken();
  yield* filemap_invalidate_lock(inode);
}
