import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { file } from '../../state/mm.ts';
import type { FileId, InodeId } from '../../state/numbers.ts';
import { EBADF, EFBIG, EINVAL } from '../include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../include/fs.ts';
import { dax_iomap_read } from './dax/rw.ts';
import { is_file } from './file.ts';
import { MAX_FILE_SIZE } from './file_size.ts';
import { dax_write_iter } from './file_write.ts';
import { inode_lock_shared, inode_unlock_shared } from './inode_lock.ts';
import { inode_status } from './namei.ts';

/**
 * Whether a byte of an open file may be accessed in the way that FMODE_ `mode` says: 0 or a negative errno. Device-DAX has
 * no such access.
 * Linux: fs/read_write.c vfs_read, vfs_write, rw_verify_area (7.2).
 */
export function* rw_verify(filp: FileId, pos: number, mode: number): Op<number> {
  if (filp === 0) return -EBADF;
  if (pos < 0) return -EINVAL;
  if (!((yield* load(file.f_mode, filp)) & mode)) return -EBADF;
  return is_file(yield* load(file.f_mapping, filp)) ? 0 : -EINVAL;
}

/**
 * pread(2) of one byte: the byte, 0 at the end of the file and behind it, or a negative errno.
 * Linux: fs/read_write.c ksys_pread64 (7.2).
 */
export function* sys_pread(filp: FileId, pos: number): Op<number> {
  const error = yield* rw_verify(filp, pos, FMODE_READ);
  if (error) return error;
  return yield* dax_read_iter(yield* load(file.f_mapping, filp), pos);
}

/**
 * pwrite(2) of one byte: 0 or a negative errno.
 * Linux: fs/read_write.c ksys_pwrite64 (7.2); include/linux/fs.h generic_write_check_limits (7.2).
 */
export function* sys_pwrite(filp: FileId, pos: number, byte: number): Op<number> {
  const error = yield* rw_verify(filp, pos, FMODE_WRITE);
  if (error) return error;
  if (pos >= MAX_FILE_SIZE) return -EFBIG;
  return yield* dax_write_iter(yield* load(file.f_mapping, filp), pos, byte);
}

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
