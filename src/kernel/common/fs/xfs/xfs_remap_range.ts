import { break_dax_layouts, dax_break_layout_nowait } from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { max, min, retry_noticed } from '../../../../machine/primitives/own.ts';
import { extent_remove, extent_share } from '../../../state/extent_map.ts';
import { inode } from '../../../state/inode.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { EINVAL } from '../../include/errno.ts';
import { LAST_PGOFF } from '../../include/fs.ts';
import { truncate_pagecache_range } from '../../mm/truncate.ts';
import { first_whole_page } from '../file_size.ts';
import { mark_inode_dirty } from '../inode.ts';
import {
  filemap_invalidate_lock,
  filemap_invalidate_unlock,
  i_data_down_write,
  i_data_up_write,
  inode_lock,
  inode_unlock,
} from '../inode_lock.ts';
import { file_write_and_wait_range } from '../sync.ts';

/**
 * Lets `target` share all blocks of `source`, a file of the same file system: 0 or a negative errno.
 * Linux: fs/xfs/xfs_file.c xfs_file_remap_range (7.2); fs/xfs/xfs_reflink.c xfs_reflink_remap_prep (7.2). Left out: that
 * readers of the source go on meanwhile.
 */
export function* xfs_file_remap_range(source: InodeId, target: InodeId): Op<number> {
  if (source === target) return yield* xfs_file_remap_itself(source);
  const first = min(source, target);
  const second = max(source, target);
  yield* inode_lock(first);
  yield* inode_lock(second);
  let error = yield* xfs_mmaplock_two_inodes_and_break_dax_layout(first, second);
  if (error === 0) {
    error = yield* xfs_reflink_remap(source, target);
    yield* filemap_invalidate_unlock(second);
    yield* filemap_invalidate_unlock(first);
  }
  yield* inode_unlock(second);
  yield* inode_unlock(first);
  return error;
}

/**
 * The same with one file, whose locks are taken once. That it cannot share blocks with itself is noticed only when nobody maps it
 * or has pages of it for I/O.
 * Linux: fs/xfs/xfs_reflink.c xfs_reflink_remap_prep (7.2); fs/remap_range.c generic_remap_checks (7.2).
 */
export function* xfs_file_remap_itself(file: InodeId): Op<number> {
  yield* inode_lock(file);
  yield* filemap_invalidate_lock(file);
  let error = yield* break_dax_layouts(file);
  if (error === 0 && (yield* load(inode.i_size, file))) error = -EINVAL;
  yield* filemap_invalidate_unlock(file);
  yield* inode_unlock(file);
  return error;
}

/**
 * Keeps faults out of two files, and sees to it that nobody maps them or has pages of them for I/O: 0, or a negative errno and
 * nothing locked. While it waits for the second it must not keep the first, so that it begins again without a sleep.
 * Linux: fs/xfs/xfs_inode.c xfs_mmaplock_two_inodes_and_break_dax_layout (7.2).
 */
export function* xfs_mmaplock_two_inodes_and_break_dax_layout(first: InodeId, second: InodeId): Op<number> {
  for (;;) {
    yield* filemap_invalidate_lock(first);
    const error = yield* break_dax_layouts(first);
    if (error) {
      yield* filemap_invalidate_unlock(first);
      return error;
    }
    yield* filemap_invalidate_lock(second);
    if ((yield* dax_break_layout_nowait(second)) === 0) return 0;
    yield* filemap_invalidate_unlock(second);
    yield* filemap_invalidate_unlock(first);
    retry_noticed();
  }
}

/**
 * The same once nobody can have pages of the two: both are written back, and the target forgets what it had in memory.
 * -EINVAL if the source ends within a page where the target goes on.
 * Linux: fs/xfs/xfs_reflink.c xfs_reflink_remap_prep, xfs_reflink_update_dest (7.2); fs/remap_range.c
 * generic_remap_check_len (7.2).
 */
export function* xfs_reflink_remap(source: InodeId, target: InodeId): Op<number> {
  const length = yield* load(inode.i_size, source);
  const size = yield* load(inode.i_size, target);
  if (length === 0) return 0;
  if (length % PAGE_SIZE !== 0 && length < size) return -EINVAL;
  const failed = yield* file_write_and_wait_range(source, 0, LAST_PGOFF);
  if (failed) return failed;
  const error = yield* file_write_and_wait_range(target, 0, LAST_PGOFF);
  if (error) return error;
  const pages = first_whole_page(length);
  yield* truncate_pagecache_range(target, 0, pages - 1);
  yield* xfs_reflink_remap_blocks(source, target, pages);
  if (length > size) yield* store(inode.i_size, target, length);
  yield* mark_inode_dirty(target);
  return 0;
}

/**
 * Puts the blocks of the first pages of `source` in the place of those of `target`, which are freed.
 * Linux: fs/xfs/xfs_reflink.c xfs_reflink_remap_blocks, xfs_reflink_remap_extent (7.2), which do so extent by extent.
 */
export function* xfs_reflink_remap_blocks(source: InodeId, target: InodeId, pages: number): Op {
  yield* i_data_down_write(target);
  yield* extent_remove(target, 0, pages);
  yield* extent_share(target, source, 0, pages);
  yield* i_data_up_write(target);
}
