import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { down_write, up_write } from '../../../machine/primitives/locks.ts';
import { super_block } from '../../state/inode.ts';
import { inode_alloc, inode_get, inode_lookup, wait_on_freeing_inode } from '../../state/inode_table.ts';
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
 * Whether a file system answers: 0, or -EIO if its device went away.
 * Linux: fs/ext4/ext4.h ext4_forced_shutdown (7.2); fs/xfs/xfs_mount.h xfs_is_shutdown (7.2).
 */
export function* fs_status(device: DeviceId): Op<number> {
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
  const found = yield* inode_lookup(device, name);
  const error = found ? 0 : yield* name_is_missing(device, create);
  if (error) return error;
  const file = found ? found : yield* inode_alloc(device, name);
  if (file === 0) return -ENOSPC;
  yield* iget_locked(file);
  return file;
}

/**
 * What it means that the directory has no such name: 0 if it may get it, or a negative errno. One whose device is gone cannot
 * be read. Linux: fs/ext4/namei.c ext4_lookup, ext4_create (7.2); fs/xfs/xfs_inode.c xfs_lookup, xfs_create (7.2).
 */
export function* name_is_missing(device: DeviceId, create: number): Op<number> {
  const status = yield* fs_status(device);
  if (status) return status;
  return create ? 0 : -ENOENT;
}

/**
 * A reference of an inode that the directory names, once nobody takes it out of memory any more.
 * Linux: fs/inode.c iget_locked (7.2).
 */
export function* iget_locked(file: InodeId): Op {
  while (!(yield* inode_get(file))) yield* wait_on_freeing_inode(file);
}
