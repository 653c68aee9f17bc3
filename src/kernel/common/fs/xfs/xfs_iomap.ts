import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import { extent_alloc, extent_trim_around_shared } from '../../../state/block_alloc.ts';
import { extent_convert, extent_lookup } from '../../../state/extent_map.ts';
import { I_DIRTY_DATASYNC, inode } from '../../../state/inode.ts';
import { IOMAP_HOLE, IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { ENOSPC } from '../../include/errno.ts';
import { IOMAP_F_DIRTY, IOMAP_F_NEW, IOMAP_F_SHARED, IOMAP_WRITE, IOMAP_ZERO } from '../../include/iomap.ts';
import { issue_zeroout, mark_inode_dirty } from '../inode.ts';
import { i_data_down_read, i_data_down_write, i_data_up_read, i_data_up_write } from '../inode_lock.ts';
import {
  xfs_reflink_allocate_cow,
  xfs_reflink_cancel_cow_range,
  xfs_reflink_end_cow,
} from './xfs_reflink.ts';

/**
 * Where pages of a file are, with blocks of their own behind them if they are to be written: 0 or -ENOSPC.
 * Linux: fs/xfs/xfs_iomap.c xfs_dax_write_iomap_ops, xfs_read_iomap_begin (7.2).
 */
export function* xfs_iomap_begin(file: InodeId, index: number, nr: number, flags: number): Op<number> {
  if (flags & (IOMAP_WRITE | IOMAP_ZERO)) {
    const error = yield* xfs_direct_write_iomap_begin(file, index, nr, flags);
    if (error) return error;
  } else {
    yield* xfs_read_iomap_begin(file, index, nr);
  }
  yield* xfs_bmbt_to_iomap(file);
  return 0;
}

/**
 * The look-up for a reader, which says whether other files have the blocks too.
 * Linux: fs/xfs/xfs_iomap.c xfs_read_iomap_begin (7.2).
 */
export function* xfs_read_iomap_begin(file: InodeId, index: number, nr: number): Op {
  yield* i_data_down_read(file);
  if ((yield* extent_lookup(file, index, nr)) === IOMAP_MAPPED) {
    const shared = yield* extent_trim_around_shared(file);
    put(iomap.flags, 0, shared ? IOMAP_F_SHARED : 0);
  }
  yield* i_data_up_read(file);
}

/**
 * The look-up for a writer: blocks that others have too get a place for a copy, holes and what was never written get
 * zeroed blocks. 0 or -ENOSPC.
 * Linux: fs/xfs/xfs_iomap.c xfs_direct_write_iomap_begin (7.2). Left out: trying without waiting.
 */
export function* xfs_direct_write_iomap_begin(
  file: InodeId,
  index: number,
  nr: number,
  flags: number,
): Op<number> {
  yield* i_data_down_read(file);
  const type = yield* extent_lookup(file, index, nr);
  const shared = type === IOMAP_MAPPED ? yield* extent_trim_around_shared(file) : 0;
  yield* i_data_up_read(file);
  if (shared) return yield* xfs_reflink_allocate_cow(file, index, nr);
  if (type === IOMAP_MAPPED || flags & IOMAP_ZERO) return 0;
  return yield* xfs_iomap_write_direct(file, index, nr);
}

/**
 * Gives pages of a file blocks that are written and zeroed: 0 or -ENOSPC.
 * Linux: fs/xfs/xfs_iomap.c xfs_iomap_write_direct with XFS_BMAPI_ZERO (7.2).
 */
export function* xfs_iomap_write_direct(file: InodeId, index: number, nr: number): Op<number> {
  yield* i_data_down_write(file);
  const type = yield* extent_lookup(file, index, nr);
  const error = type === IOMAP_MAPPED ? 0 : yield* xfs_bmapi_write(file, type);
  yield* i_data_up_write(file);
  return error;
}

/**
 * The same under the file's lock, for the range that the caller's struct iomap has and that is a hole or unwritten.
 * Linux: fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_write (7.2), its xfs_bmapi_allocate and xfs_bmapi_convert_unwritten.
 */
export function* xfs_bmapi_write(file: InodeId, type: number): Op<number> {
  const index = get(iomap.offset, 0);
  const nr = get(iomap.length, 0);
  if (type === IOMAP_HOLE) {
    if ((yield* extent_alloc(file, index, nr, 0)) === 0) return -ENOSPC;
  } else {
    yield* extent_convert(file, index, nr, 0);
    put(iomap.type, 0, IOMAP_MAPPED);
  }
  yield* issue_zeroout(file, get(iomap.addr, 0), get(iomap.length, 0));
  put(iomap.flags, 0, IOMAP_F_NEW);
  yield* mark_inode_dirty(file);
  return 0;
}

/**
 * Completes an answer: says whether what the file system knows of the file is durable.
 * Linux: fs/xfs/xfs_iomap.c xfs_bmbt_to_iomap, xfs_iomap_inode_sequence (7.2).
 */
export function* xfs_bmbt_to_iomap(file: InodeId): Op {
  const dirty = (yield* load(inode.i_state, file)) & I_DIRTY_DATASYNC;
  put(iomap.flags, 0, get(iomap.flags, 0) | (dirty ? IOMAP_F_DIRTY : 0));
}

/**
 * Ends a write: copies that were made take the place of what they were copied from, others are given up. 0.
 * Linux: fs/xfs/xfs_iomap.c xfs_dax_write_iomap_end (7.2).
 */
export function* xfs_dax_write_iomap_end(
  file: InodeId,
  index: number,
  nr: number,
  written: number,
): Op<number> {
  if (written === 0) yield* xfs_reflink_cancel_cow_range(file, index, nr);
  else yield* xfs_reflink_end_cow(file, index, written);
  return 0;
}
