import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { file } from '../../state/mm.ts';
import type { FileId } from '../../state/numbers.ts';
import { EBADF, EFBIG, EINVAL } from '../include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../include/fs.ts';
import { is_file } from './file.ts';
import { dax_read_iter, dax_write_iter } from './file_rw.ts';
import { exceeds_maxbytes } from './file_size.ts';

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
  const mapping = yield* load(file.f_mapping, filp);
  if (yield* exceeds_maxbytes(mapping, pos + 1)) return -EFBIG;
  return yield* dax_write_iter(mapping, pos, byte);
}
