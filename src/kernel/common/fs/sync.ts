import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { PAGECACHE_TAG_DIRTY } from '../../state/address_space.ts';
import { inode_commit } from '../../state/durable.ts';
import { FS_EXT4 } from '../../state/inode.ts';
import { durability_promise, durability_verdict } from '../../state/medium.ts';
import { file } from '../../state/mm.ts';
import type { FileId, InodeId } from '../../state/numbers.ts';
import { xas_find_marked } from '../../state/xarray.ts';
import { EBADF, EINVAL, EIO } from '../include/errno.ts';
import { LAST_PGOFF } from '../include/fs.ts';
import { dax_writeback_mapping_range } from './dax/writeback.ts';
import { is_file } from './file.ts';
import { inode_status } from './namei.ts';
import { inode_file_system, is_shutdown } from './super.ts';

/**
 * fsync(2): what the file holds now survives a power loss. 0 or a negative errno.
 * Linux: fs/sync.c do_fsync (7.2).
 */
export function* sys_fsync(filp: FileId): Op<number> {
  if (filp === 0) return -EBADF;
  return yield* fsync_promised(yield* load(file.f_mapping, filp), 0, LAST_PGOFF);
}

/**
 * Writes pages `[first, last]` of a file back, as a program asked for: what it is promised is held against what comes of it.
 * 0 or a negative errno; a device has no fsync.
 * Linux: fs/sync.c vfs_fsync_range (7.2).
 */
export function* fsync_promised(mapping: InodeId, first: number, last: number): Op<number> {
  if (!is_file(mapping)) return -EINVAL;
  yield* durability_promise(mapping, first, last);
  const error = yield* vfs_fsync_range(mapping, first, last);
  if (error === 0) yield* durability_verdict(mapping, first, last);
  return error;
}

/**
 * Writes all pages of a file back, and what is known of it: 0 or a negative errno.
 * Linux: fs/sync.c vfs_fsync (7.2).
 */
export function* vfs_fsync(mapping: InodeId): Op<number> {
  return yield* vfs_fsync_range(mapping, 0, LAST_PGOFF);
}

/**
 * The same for pages `[first, last]`.
 * Linux: fs/sync.c vfs_fsync_range (7.2); fs/ext4/fsync.c ext4_sync_file (7.2); fs/xfs/xfs_file.c xfs_file_fsync (7.2).
 */
export function* vfs_fsync_range(mapping: InodeId, first: number, last: number): Op<number> {
  const status = yield* inode_status(mapping);
  if (status) return status;
  const error = yield* file_write_and_wait_range(mapping, first, last);
  if (error) return error;
  yield* commit_metadata(mapping);
  return 0;
}

/**
 * Writes pages of a file back, if any page of it is dirty: one that is only marked to be written is left where it is. -EIO
 * from an ext4 whose device went away; xfs does not ask.
 * Linux: mm/filemap.c file_write_and_wait_range, filemap_writeback (7.2); fs/ext4/inode.c ext4_dax_writepages (7.2);
 * fs/xfs/xfs_aops.c xfs_dax_writepages (7.2).
 */
export function* file_write_and_wait_range(mapping: InodeId, first: number, last: number): Op<number> {
  if (!(yield* mapping_tagged(mapping, PAGECACHE_TAG_DIRTY))) return 0;
  if ((yield* inode_file_system(mapping)) === FS_EXT4 && (yield* is_shutdown(mapping))) return -EIO;
  return yield* dax_writeback_mapping_range(mapping, first, last);
}

/** 1 if an entry of a file has a mark; looked up without the tree's lock. Linux: include/linux/fs.h mapping_tagged (7.2). */
export function* mapping_tagged(mapping: InodeId, tag: number): Op<number> {
  return (yield* xas_find_marked(mapping, 0, LAST_PGOFF, tag)) >= 0 ? 1 : 0;
}

/**
 * Makes the blocks and the size of a file durable.
 * Linux: fs/ext4/fsync.c ext4_fsync_journal (7.2); fs/xfs/xfs_log.c xfs_log_force_seq (7.2).
 */
export function* commit_metadata(mapping: InodeId): Op {
  yield* inode_commit(mapping);
}
