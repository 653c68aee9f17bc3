import type { Op } from '../../../../machine/primitive.ts';
import { put } from '../../../../machine/primitives/own.ts';
import { extent_lookup } from '../../../state/extent_map.ts';
import { IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { extent_trim_around_shared } from '../../../state/xfs_refcount.ts';
import { EIO } from '../../include/errno.ts';
import { IOMAP_F_SHARED, IOMAP_WRITE, IOMAP_ZERO } from '../../include/iomap.ts';
import { i_data_down_read, i_data_up_read } from '../inode_lock.ts';
import { is_shutdown } from '../super.ts';
import { alloc_zeroed, iomap_note_dirty } from '../zeroed_blocks.ts';
import {
  xfs_reflink_allocate_cow,
  xfs_reflink_cancel_cow_range,
  xfs_reflink_end_cow,
} from './xfs_reflink.ts';

/**
 * Where pages of a file are, with blocks of their own behind them if they are to be written: 0, -ENOSPC, or -EIO if its device
 * went away.
 * Linux: fs/xfs/xfs_iomap.c xfs_dax_write_iomap_ops, xfs_read_iomap_begin, xfs_direct_write_iomap_begin (7.2).
 */
export function* xfs_iomap_begin(file: InodeId, index: number, nr: number, flags: number): Op<number> {
  if (yield* is_shutdown(file)) return -EIO;
  if (flags & (IOMAP_WRITE | IOMAP_ZERO)) {
    const error = yield* xfs_direct_write_iomap_begin(file, index, nr, flags);
    if (error) return error;
  } else {
    yield* xfs_read_iomap_begin(file, index, nr);
  }
  yield* iomap_note_dirty(file);
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
  return yield* alloc_zeroed(file, index, nr);
}

/**
 * Ends a write: copies that were made take the place of what they were copied from, others are given up. 0, or -EIO once the
 * file system is shut down: then both stay as they are.
 * Linux: fs/xfs/xfs_iomap.c xfs_dax_write_iomap_end (7.2).
 */
export function* xfs_dax_write_iomap_end(
  file: InodeId,
  index: number,
  nr: number,
  written: number,
): Op<number> {
  if (written === 0) return yield* xfs_reflink_cancel_cow_range(file, index, nr);
  return yield* xfs_reflink_end_cow(file, index, written);
}
