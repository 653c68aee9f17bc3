import type { Op } from '../../../machine/primitive.ts';
import { atomic_add, store } from '../../../machine/primitives/access.ts';
import { inode } from '../../state/inode.ts';
import { inode_lookup } from '../../state/inode_table.ts';
import type { DeviceId, InodeId } from '../../state/numbers.ts';
import { ENOENT } from '../include/errno.ts';
import { inode_lock, inode_unlock } from './inode_lock.ts';
import { iput } from './inode_release.ts';
import { directory_lock, directory_unlock, fs_status } from './namei.ts';

/**
 * unlink(2) of file `name` on the file system of a device: 0 or a negative errno. What nobody has open or mapped goes at once.
 * Linux: fs/namei.c do_unlinkat (7.2).
 */
export function* sys_unlink(device: DeviceId, name: number): Op<number> {
  yield* directory_lock(device);
  const file = yield* unlink_locked(device, name);
  yield* directory_unlock(device);
  if (file < 0) return file;
  yield* iput(file);
  return 0;
}

/**
 * Takes the name away under the directory's lock: the inode, with a reference, or a negative errno.
 * Linux: fs/namei.c vfs_unlink (7.2).
 */
export function* unlink_locked(device: DeviceId, name: number): Op<number> {
  const status = yield* fs_status(device);
  if (status) return status;
  const file = yield* inode_lookup(device, name);
  if (file === 0) return -ENOENT;
  yield* atomic_add(inode.i_count, file, 1);
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
