import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { get, put } from '../../../machine/primitives/own.ts';
import { extent_alloc } from '../../state/block_alloc.ts';
import { extent_convert, extent_lookup } from '../../state/extent_map.ts';
import { I_DIRTY_DATASYNC, inode } from '../../state/inode.ts';
import { IOMAP_HOLE, IOMAP_MAPPED, iomap } from '../../state/iomap.ts';
import type { InodeId } from '../../state/numbers.ts';
import { ENOSPC } from '../include/errno.ts';
import { IOMAP_F_DIRTY, IOMAP_F_NEW } from '../include/iomap.ts';
import { issue_zeroout, mark_inode_dirty } from './inode.ts';
import { i_data_down_write, i_data_up_write } from './inode_lock.ts';

/*
 * How both file systems answer whoever is about to write to pages of a file.
 */

/**
 * Gives pages of a file blocks that are written and zeroed, if they have none or such as were never written: 0 or
 * -ENOSPC. Whoever looks meanwhile waits.
 * Linux: fs/ext4/inode.c ext4_map_blocks, ext4_map_create_blocks with EXT4_GET_BLOCKS_CREATE_ZERO (7.2);
 * fs/xfs/xfs_iomap.c xfs_iomap_write_direct with XFS_BMAPI_ZERO (7.2).
 */
export function* alloc_zeroed(file: InodeId, index: number, nr: number): Op<number> {
  yield* i_data_down_write(file);
  const type = yield* extent_lookup(file, index, nr);
  const error = type === IOMAP_MAPPED ? 0 : yield* alloc_zeroed_locked(file, type);
  yield* i_data_up_write(file);
  return error;
}

/**
 * The same under the lock of the extents, for the range that the caller's struct iomap has and that is a hole or unwritten.
 * Linux: fs/ext4/extents.c ext4_ext_map_blocks, ext4_ext_handle_unwritten_extents (7.2);
 * fs/xfs/libxfs/xfs_bmap.c xfs_bmapi_write (7.2), its xfs_bmapi_allocate and xfs_bmapi_convert_unwritten.
 */
export function* alloc_zeroed_locked(file: InodeId, type: number): Op<number> {
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
 * Linux: fs/ext4/inode.c ext4_set_iomap, ext4_inode_datasync_dirty (7.2); fs/xfs/xfs_iomap.c xfs_bmbt_to_iomap,
 * xfs_iomap_inode_sequence (7.2).
 */
export function* iomap_note_dirty(file: InodeId): Op {
  const dirty = (yield* load(inode.i_state, file)) & I_DIRTY_DATASYNC;
  put(iomap.flags, 0, get(iomap.flags, 0) | (dirty ? IOMAP_F_DIRTY : 0));
}
