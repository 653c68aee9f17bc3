import { break_dax_layouts } from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { FS_EXT4 } from '../../state/inode.ts';
import { file } from '../../state/mm.ts';
import type { FileId, InodeId } from '../../state/numbers.ts';
import { EBADF, EFBIG, EINVAL, ENODEV, EOPNOTSUPP } from '../include/errno.ts';
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
} from '../include/fcntl.ts';
import { FMODE_WRITE } from '../include/fs.ts';
import { falloc_allocate, fallocate_range } from './fallocate_range.ts';
import { is_file } from './file.ts';
import { exceeds_maxbytes } from './file_size.ts';
import {
  filemap_invalidate_lock,
  filemap_invalidate_unlock,
  inode_lock,
  inode_unlock,
} from './inode_lock.ts';
import { inode_status } from './namei.ts';
import { inode_file_system } from './super.ts';

/** Whether one thing is asked for that can be done. Linux: fs/open.c vfs_fallocate (7.2), its look at the mode. */
export function falloc_mode_valid(mode: number): boolean {
  return (
    (mode | FALLOC_FL_KEEP_SIZE) === FALLOC_FL_KEEP_SIZE ||
    (mode | FALLOC_FL_KEEP_SIZE) === (FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE) ||
    mode === (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE) ||
    mode === FALLOC_FL_COLLAPSE_RANGE ||
    mode === FALLOC_FL_INSERT_RANGE
  );
}

/**
 * fallocate(2) on bytes `[offset, offset + length)` of an open file, with FALLOC_FL_ `mode`: 0 or a negative errno.
 * Linux: fs/open.c ksys_fallocate (7.2).
 */
export function* sys_fallocate(filp: FileId, mode: number, offset: number, length: number): Op<number> {
  if (filp === 0) return -EBADF;
  return yield* vfs_fallocate(filp, mode, offset, length);
}

/** Linux: fs/open.c vfs_fallocate (7.2). */
export function* vfs_fallocate(filp: FileId, mode: number, offset: number, length: number): Op<number> {
  if (offset < 0 || length <= 0) return -EINVAL;
  if (!falloc_mode_valid(mode)) return -EOPNOTSUPP;
  if (!((yield* load(file.f_mode, filp)) & FMODE_WRITE)) return -EBADF;
  const mapping = yield* load(file.f_mapping, filp);
  if (!is_file(mapping)) return -ENODEV;
  if (yield* exceeds_maxbytes(mapping, offset + length)) return -EFBIG;
  const status = yield* inode_status(mapping);
  if (status) return status;
  yield* inode_lock(mapping);
  const error = yield* file_fallocate(mapping, mode, offset, offset + length);
  yield* inode_unlock(mapping);
  return error;
}

/**
 * The same with i_rwsem held. What takes pages away keeps faults out, and waits for who has pages for I/O; xfs does so for
 * a mere allocation too.
 * Linux: fs/ext4/extents.c ext4_fallocate (7.2), and ext4_punch_hole, ext4_zero_range, ext4_collapse_range,
 * ext4_insert_range (6.12), each with the same locks; fs/xfs/xfs_file.c xfs_file_fallocate (7.2). Left out: unsharing.
 */
export function* file_fallocate(mapping: InodeId, mode: number, offset: number, end: number): Op<number> {
  const keeps = (yield* inode_file_system(mapping)) === FS_EXT4 ? 1 : 0;
  const allocates = (mode | FALLOC_FL_KEEP_SIZE) === FALLOC_FL_KEEP_SIZE;
  if (allocates && keeps) return yield* falloc_allocate(mapping, mode, offset, end, 0);
  yield* filemap_invalidate_lock(mapping);
  let error = yield* break_dax_layouts(mapping);
  if (error === 0) {
    error = allocates
      ? yield* falloc_allocate(mapping, mode, offset, end, 0)
      : yield* fallocate_range(mapping, mode, offset, end, keeps);
  }
  yield* filemap_invalidate_unlock(mapping);
  return error;
}
