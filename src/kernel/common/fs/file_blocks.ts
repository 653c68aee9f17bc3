import type { Op } from '../../../machine/primitive.ts';
import { get } from '../../../machine/primitives/own.ts';
import { extent_alloc } from '../../state/block_alloc.ts';
import { EXTENT_UNWRITTEN } from '../../state/extent.ts';
import {
  extent_convert,
  extent_lookup,
  extent_remove,
  extent_remove_cow,
  extent_shift,
} from '../../state/extent_map.ts';
import { IOMAP_HOLE, IOMAP_MAPPED, iomap } from '../../state/iomap.ts';
import type { InodeId } from '../../state/numbers.ts';
import { ENOSPC } from '../include/errno.ts';
import { mark_inode_dirty } from './inode.ts';
import { i_data_down_write, i_data_up_write } from './inode_lock.ts';
import { iomap_forget } from './iomap.ts';

/*
 * What both file systems do to the blocks of pages `[first, behind)` of a file that nobody can have any more.
 */

/**
 * Frees them, for whoever asks next.
 * Linux: fs/ext4/extents.c ext4_ext_remove_space (7.2); fs/xfs/xfs_inode.c xfs_itruncate_extents_flags (7.2);
 * fs/xfs/xfs_bmap_util.c xfs_unmap_extent (7.2).
 */
export function* free_blocks(file: InodeId, first: number, behind: number): Op {
  if (first >= behind) return;
  yield* i_data_down_write(file);
  yield* extent_remove(file, first, behind - first);
  yield* extent_remove_cow(file, first, behind - first);
  yield* i_data_up_write(file);
}

/**
 * Moves the pages from `first` on by `distance` pages.
 * Linux: fs/ext4/extents.c ext4_ext_shift_extents (7.2); fs/xfs/libxfs/xfs_bmap.c xfs_bmap_collapse_extents,
 * xfs_bmap_insert_extents (7.2).
 */
export function* shift_blocks(file: InodeId, first: number, distance: number): Op {
  yield* i_data_down_write(file);
  yield* extent_shift(file, first, distance);
  yield* i_data_up_write(file);
}

/**
 * Gives pages blocks that read as zeros, where they have none, and with `convert` makes those that have some read so: 0 or
 * -ENOSPC.
 * Linux: fs/ext4/extents.c ext4_alloc_file_blocks (7.2); fs/xfs/xfs_bmap_util.c xfs_alloc_file_space (7.2).
 */
export function* alloc_unwritten(file: InodeId, first: number, behind: number, convert: number): Op<number> {
  let index = first;
  let error = 0;
  while (index < behind && error === 0) {
    yield* i_data_down_write(file);
    error = yield* alloc_unwritten_locked(file, index, behind - index, convert);
    index += get(iomap.length, 0);
    yield* i_data_up_write(file);
  }
  yield* iomap_forget();
  if (first < behind) yield* mark_inode_dirty(file);
  return error;
}

/** The same for as many pages from `index` on as are alike; the caller's struct iomap says how many. */
export function* alloc_unwritten_locked(
  file: InodeId,
  index: number,
  nr: number,
  convert: number,
): Op<number> {
  const type = yield* extent_lookup(file, index, nr);
  const length = get(iomap.length, 0);
  if (type === IOMAP_HOLE) {
    return (yield* extent_alloc(file, index, length, EXTENT_UNWRITTEN)) === 0 ? -ENOSPC : 0;
  }
  if (type === IOMAP_MAPPED && convert) yield* extent_convert(file, index, length, 1);
  return 0;
}
