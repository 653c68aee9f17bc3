import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { FS_XFS } from '../../state/inode.ts';
import { file } from '../../state/mm.ts';
import type { FileId } from '../../state/numbers.ts';
import { EBADF, EINVAL, EOPNOTSUPP, EXDEV } from '../include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../include/fs.ts';
import { is_file } from './file.ts';
import { inode_status } from './namei.ts';
import { inode_device, inode_file_system } from './super.ts';
import { xfs_file_remap_range } from './xfs/xfs_remap_range.ts';

/**
 * ioctl(FICLONE): lets `target` share all blocks of `source`: 0 or a negative errno.
 * Linux: fs/ioctl.c ioctl_file_clone (7.2); fs/remap_range.c vfs_clone_file_range (7.2).
 */
export function* sys_ficlone(target: FileId, source: FileId): Op<number> {
  if (target === 0 || source === 0) return -EBADF;
  const to = yield* load(file.f_mapping, target);
  const from = yield* load(file.f_mapping, source);
  if (!is_file(to) || !is_file(from)) return -EINVAL;
  if ((yield* inode_device(to)) !== (yield* inode_device(from))) return -EXDEV;
  if (!((yield* load(file.f_mode, source)) & FMODE_READ)) return -EBADF;
  if (!((yield* load(file.f_mode, target)) & FMODE_WRITE)) return -EBADF;
  if ((yield* inode_file_system(to)) !== FS_XFS) return -EOPNOTSUPP;
  const status = yield* inode_status(to);
  if (status) return status;
  return yield* xfs_file_remap_range(from, to);
}
