import type { Op } from '../../../../machine/primitive.ts';
import { dax_delete_mapping_range } from '../../../common/fs/dax/delete.ts';
import { dax_is_empty_entry, dax_is_zero_entry, dax_to_pfn } from '../../../common/fs/dax/entries.ts';
import { wait_entry_unlocked_exclusive } from '../../../common/fs/dax/entry_lock.ts';
import {
  dax_layout_busy_page,
  dax_scan_for_busy_page,
  wait_page_idle,
} from '../../../common/fs/dax/layout.ts';
import { ERESTARTSYS } from '../../../common/include/errno.ts';
import { LAST_PGOFF } from '../../../common/include/fs.ts';
import { folio_mapcount, folio_ref_count, page_folio } from '../../../common/include/mm.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import { unmap_mapping_pages } from '../../../common/mm/memory.ts';
import type { InodeId, MappingId, Pfn } from '../../../state/numbers.ts';
import { finish_wait, prepare_to_wait_event, schedule_until_woken } from '../../../state/wait_bit.ts';

/** Whether dax_break_layout waits for busy pages, or gives up: its callback, and NULL in the callback's place. */
export const DAX_BREAK_WAIT = 1;
export const DAX_BREAK_NOWAIT = 0;

/**
 * The folio of an entry if somebody holds it besides those who map it, or NO_PAGE. Two looks, not one: a mapping that
 * goes in between only makes it seem busy, and none can come.
 * Linux: fs/dax.c dax_busy_page (7.2).
 */
export function* dax_busy_page(entry: number): Op<number> {
  if (dax_is_zero_entry(entry) || dax_is_empty_entry(entry)) return NO_PAGE;
  const folio = yield* page_folio(dax_to_pfn(entry));
  const references = yield* folio_ref_count(folio);
  return references === (yield* folio_mapcount(folio)) ? NO_PAGE : folio;
}

/** Whether a folio may be given away. Linux: include/linux/dax.h dax_page_is_idle (7.2). */
export function* dax_page_is_idle(folio: Pfn): Op<number> {
  return (yield* folio_ref_count(folio)) === 0 ? 1 : 0;
}

/**
 * Takes away the entries that map a range of a file, and returns the first folio of it that is busy, or NO_PAGE.
 * Linux: fs/dax.c dax_layout_busy_page_range (7.2).
 */
export function* dax_layout_busy_page_range(
  mapping: MappingId,
  start_idx: number,
  end_idx: number,
): Op<number> {
  yield* unmap_mapping_pages(mapping, start_idx, end_idx, 0);
  return yield* dax_scan_for_busy_page(mapping, start_idx, end_idx);
}

/** An entry that a scan came to, once nobody has it locked; 0 if it is gone. Linux: fs/dax.c dax_layout_busy_page_range (7.2). */
export function* dax_entry_settled(mapping: MappingId, index: number, entry: number): Op<number> {
  return yield* wait_entry_unlocked_exclusive(mapping, index, entry);
}

/**
 * Sees to it that nobody maps a range of a file or has pages of it for I/O, and then that no entry of it is left: 0, or
 * -ERESTARTSYS if a page is busy and it is not to wait. The caller holds invalidate_lock for writing.
 * Linux: fs/dax.c dax_break_layout (7.2). Left out: signals.
 */
export function* dax_break_layout(
  inode: InodeId,
  start_idx: number,
  end_idx: number,
  cb: number,
): Op<number> {
  for (;;) {
    const busy = yield* dax_layout_busy_page_range(inode, start_idx, end_idx);
    if (busy === NO_PAGE) break;
    if (cb === DAX_BREAK_NOWAIT) return -ERESTARTSYS;
    yield* wait_page_idle(busy, inode);
  }
  yield* dax_delete_mapping_range(inode, start_idx, end_idx);
  return 0;
}

/** The same for all of a file. Linux: include/linux/dax.h dax_break_layout_inode (7.2). */
export function* dax_break_layout_inode(inode: InodeId, cb: number): Op<number> {
  return yield* dax_break_layout(inode, 0, LAST_PGOFF, cb);
}

/**
 * What a file system does before it takes pages of a file away: 0.
 * Linux: fs/ext4/inode.c ext4_break_layouts (7.2); fs/xfs/xfs_file.c xfs_break_dax_layouts, xfs_break_layouts (7.2). Left out:
 * leases.
 */
export function* break_dax_layouts(inode: InodeId): Op<number> {
  return yield* dax_break_layout_inode(inode, DAX_BREAK_WAIT);
}

/**
 * The same without waiting: -ERESTARTSYS if a page is busy.
 * Linux: fs/xfs/xfs_inode.c xfs_mmaplock_two_inodes_and_break_dax_layout (7.2), its look at the second inode.
 */
export function* dax_break_layout_nowait(inode: InodeId): Op<number> {
  return yield* dax_break_layout_inode(inode, DAX_BREAK_NOWAIT);
}

/**
 * What an inode waits for before it goes: that nobody has pages of it for I/O. Nobody can fault it in any more, so
 * that no lock is held.
 * Linux: fs/dax.c dax_break_layout_final (7.2).
 */
export function* dax_break_layout_final(inode: InodeId): Op {
  for (;;) {
    const busy = yield* dax_layout_busy_page(inode);
    if (busy === NO_PAGE) break;
    yield* wait_page_idle_uninterruptible(busy);
  }
  yield* dax_delete_mapping_range(inode, 0, LAST_PGOFF);
}

/** Linux: fs/dax.c wait_page_idle_uninterruptible (7.2). */
export function* wait_page_idle_uninterruptible(busy: Pfn): Op {
  yield* prepare_to_wait_event(busy);
  while (!(yield* dax_page_is_idle(busy))) {
    yield* schedule_until_woken();
    yield* prepare_to_wait_event(busy);
  }
  yield* finish_wait();
}
