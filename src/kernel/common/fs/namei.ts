import type { Op } from '../../../machine/primitive.ts';
import { atomic_add, load } from '../../../machine/primitives/access.ts';
import { down_write, up_write } from '../../../machine/primitives/locks.ts';
import { inode, super_block } from '../../state/inode.ts';
import { inode_alloc, inode_lookup } from '../../state/inode_table.ts';
import type { DeviceId, InodeId } from '../../state/numbers.ts';
import { EIO, ENOENT, ENOSPC } from '../include/errno.ts';
import { inode_device } from './super.ts';

/** Keeps everyone else out of the directory of a file system. Linux: fs/namei.c open_last_lookups, do_unlinkat (7.2). */
export function* directory_lock(device: DeviceId): Op {
  yield* down_write(super_block.s_root_rwsem, device);
}

/** Lets others into the directory again. Linux: fs/namei.c open_last_lookups, do_unlinkat (7.2). */
export function* directory_unlock(device: DeviceId): Op {
  yield* up_write(super_block.s_root_rwsem, device);
}

/**
 * Whether a file system answers: 0, -ENOENT if none is mounted, -EIO if its device went away.
 * Linux: fs/ext4/ext4.h ext4_forced_shutdown (7.2); fs/xfs/xfs_mount.h xfs_is_shutdown (7.2).
 */
export function* fs_status(device: DeviceId): Op<number> {
  if ((yield* load(super_block.s_type, device)) === 0) return -ENOENT;
  return (yield* load(super_block.shutdown, device)) ? -EIO : 0;
}

/** The same of the file system that a file lies on. */
export function* inode_status(file: InodeId): Op<number> {
  return yield* fs_status(yield* inode_device(file));
}

/**
 * The inode of a name, with a reference: its number, or a negative errno. `create` makes a file that is not there.
 * Linux: fs/namei.c lookup_open (7.2); fs/ext4/namei.c ext4_create (7.2); fs/xfs/xfs_iops.c xfs_vn_create (7.2).
 */
export function* lookup_open(device: DeviceId, name: number, create: number): Op<number> {
  const status = yield* fs_status(device);
  if (status) return status;
  const found = yield* inode_lookup(device, name);
  if (!found && !create) return -ENOENT;
  const file = found ? found : yield* inode_alloc(device, name);
  if (file === 0) return -ENOSPC;
  yield* atomic_add(inode.i_count, file, 1);
  return file;
}
