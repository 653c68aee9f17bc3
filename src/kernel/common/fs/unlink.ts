import type { Op } from '../../../machine/primitive.ts';
import { store } from '../../../machine/primitives/access.ts';
import { min } from '../../../machine/primitives/own.ts';
import { inode } from '../../state/inode.ts';
import { inode_lookup } from '../../state/inode_table.ts';
import { mnt_get } from '../../state/mount.ts';
import type { DeviceId, InodeId } from '../../state/numbers.ts';
import { ENOENT } from '../include/errno.ts';
import { inode_lock, inode_unlock } from './inode_lock.ts';
import { iput } from './inode_release.ts';
import { directory_lock, directory_unlock, fs_status, iget_locked, name_is_missing } from './namei.ts';
import { mntput } from './namespace.ts';

/**
 * unlink(2) of file `name` on the file system of a device: 0 or a negative errno. What nobody has open or mapped goes at once.
 * Linux: fs/namei.c do_unlinkat (7.2).
 */
export function* sys_unlink(device: DeviceId, name: number): Op<number> {
  if (!(yield* mnt_get(device))) return -ENOENT;
  yield* directory_lock(device);
  const file = yield* unlink_locked(device, name);
  yield* directory_unlock(device);
  if (file >= 0) yield* iput(file);
  yield* mntput(device);
  return min(file, 0);
}

/**
 * Takes the name away under the directory's lock: the inode, with a reference, or a negative errno.
 * Linux: fs/namei.c vfs_unlink (7.2); fs/ext4/namei.c ext4_unlink (7.2); fs/xfs/xfs_inode.c xfs_remove (7.2).
 */
export function* unlink_locked(device: DeviceId, name: number): Op<number> {
  const file = yield* inode_lookup(device, name);
  if (file === 0) return yield* name_is_missing(device, 0);
  yield* iget_locked(file);
  const status = yield* fs_status(device);
  if (status) {
    yield* iput(file);
    return status;
  }
  yield* inode_lock(file);
  yield* drop_nlink(file);
  yield* inode_unlock(file);
  return file;
}

/** Leaves a file without a name. Linux: fs/inode.c drop_nlink (7.2); fs/dcache.c d_delete (7.2). */
export function* drop_nlink(file: InodeId): Op {
  yield* store(inode.i_nlink, file, 0);
  yield* store(inode.name, file, 0);
}
