import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import { extent_alloc } from '../../../state/block_alloc.ts';
import { EXTENT_COW } from '../../../state/extent.ts';
import {
  extent_lookup,
  extent_lookup_cow,
  extent_remap_cow,
  extent_remove_cow,
} from '../../../state/extent_map.ts';
import { IOMAP_HOLE, IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { extent_trim_around_shared } from '../../../state/xfs_refcount.ts';
import { EIO, ENOSPC } from '../../include/errno.ts';
import { IOMAP_F_SHARED } from '../../include/iomap.ts';
import { mark_inode_dirty } from '../inode.ts';
import { i_data_down_write, i_data_up_write } from '../inode_lock.ts';
import { is_shutdown } from '../super.ts';

/**
 * Finds, or takes, the place for a copy of pages whose blocks other files have too, and says where to copy from: 0 or
 * -ENOSPC. If nobody else has them any more they may be written where they are.
 * Linux: fs/xfs/xfs_reflink.c xfs_reflink_allocate_cow (7.2). Left out: taking more than is needed now (cowextsize).
 */
export function* xfs_reflink_allocate_cow(file: InodeId, index: number, nr: number): Op<number> {
  yield* i_data_down_write(file);
  const type = yield* extent_lookup(file, index, nr);
  const shared = type === IOMAP_MAPPED ? yield* extent_trim_around_shared(file) : 0;
  const error = shared ? yield* xfs_reflink_fill_cow_hole(file, index) : 0;
  yield* i_data_up_write(file);
  return error;
}

/**
 * The same under the file's lock, for the shared blocks that the caller's struct iomap has. To take a place logs the inode; to
 * find one does not.
 * Linux: fs/xfs/xfs_reflink.c xfs_find_trim_cow_extent, xfs_reflink_fill_cow_hole (7.2); fs/xfs/libxfs/xfs_bmap.c
 * xfs_bmap_add_extent_hole_real, xfs_bmapi_finish (7.2).
 */
export function* xfs_reflink_fill_cow_hole(file: InodeId, index: number): Op<number> {
  const source = get(iomap.addr, 0);
  const length = get(iomap.length, 0);
  if ((yield* extent_lookup_cow(file, index, length)) === IOMAP_HOLE) {
    if ((yield* extent_alloc(file, index, get(iomap.length, 0), EXTENT_COW)) === 0) return -ENOSPC;
    yield* mark_inode_dirty(file);
  }
  put(iomap.srcmap_addr, 0, source + 1);
  put(iomap.flags, 0, IOMAP_F_SHARED);
  return 0;
}

/**
 * Puts copies that were made in the place of what they were copied from: 0, or -EIO once the file system is shut down, which
 * begins no transaction any more.
 * Linux: fs/xfs/xfs_reflink.c xfs_reflink_end_cow, xfs_reflink_end_cow_extent (7.2), which take the lock once an extent;
 * fs/xfs/xfs_trans.c xfs_trans_alloc (7.2).
 */
export function* xfs_reflink_end_cow(file: InodeId, index: number, nr: number): Op<number> {
  if (yield* is_shutdown(file)) return -EIO;
  yield* i_data_down_write(file);
  yield* extent_remap_cow(file, index, nr);
  yield* mark_inode_dirty(file);
  yield* i_data_up_write(file);
  return 0;
}

/**
 * Gives up places for copies that were not made: 0, or -EIO once the file system is shut down.
 * Linux: fs/xfs/xfs_reflink.c xfs_reflink_cancel_cow_range (7.2).
 */
export function* xfs_reflink_cancel_cow_range(file: InodeId, index: number, nr: number): Op<number> {
  if (yield* is_shutdown(file)) return -EIO;
  yield* i_data_down_write(file);
  yield* extent_remove_cow(file, index, nr);
  yield* i_data_up_write(file);
  return 0;
}
