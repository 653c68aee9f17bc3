import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { inode } from '../../state/inode.ts';
import type { InodeId } from '../../state/numbers.ts';
import { dax_iomap_read, dax_iomap_write } from './dax/rw.ts';
import { dax_truncate_page } from './dax/zero.ts';
import { mark_inode_dirty } from './inode.ts';
import { inode_lock, inode_lock_shared, inode_unlock, inode_unlock_shared } from './inode_lock.ts';
import { inode_status } from './namei.ts';

/**
 * Reads a byte while nobody writes.
 * Linux: fs/ext4/file.c ext4_dax_read_iter (7.2); fs/xfs/xfs_file.c xfs_file_dax_read (7.2).
 */
export function* dax_read_iter(mapping: InodeId, pos: number): Op<number> {
  const status = yield* inode_status(mapping);
  if (status) return status;
  yield* inode_lock_shared(mapping);
  const byte = yield* dax_iomap_read(mapping, pos);
  yield* inode_unlock_shared(mapping);
  return byte;
}

/**
 * Writes a byte while nobody else reads or writes, and lets the file grow to hold it: 0 or a negative errno.
 * Linux: fs/ext4/file.c ext4_dax_write_iter (7.2); fs/xfs/xfs_file.c xfs_file_dax_write (7.2).
 */
export function* dax_write_iter(mapping: InodeId, pos: number, byte: number): Op<number> {
  const status = yield* inode_status(mapping);
  if (status) return status;
  yield* inode_lock(mapping);
  const error = yield* file_write_locked(mapping, pos, byte);
  yield* inode_unlock(mapping);
  return error;
}

/** The same with i_rwsem held. */
export function* file_write_locked(mapping: InodeId, pos: number, byte: number): Op<number> {
  const size = yield* load(inode.i_size, mapping);
  if (pos > size) {
    const error = yield* dax_truncate_page(mapping, size, pos);
    if (error) return error;
  }
  const error = yield* dax_iomap_write(mapping, pos, byte);
  if (error === 0 && pos >= size) yield* file_grow(mapping, pos + 1);
  return error;
}

/**
 * Lets a file end later.
 * Linux: fs/ext4/file.c ext4_handle_inode_extension (7.2); fs/xfs/xfs_file.c xfs_dio_write_end_io (7.2).
 */
export function* file_grow(mapping: InodeId, size: number): Op {
  yield* store(inode.i_size, mapping, size);
  yield* mark_inode_dirty(mapping);
}
