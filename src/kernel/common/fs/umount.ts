import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { down_write, up_write } from '../../../machine/primitives/locks.ts';
import { inode, super_block } from '../../state/inode.ts';
import { inode_next } from '../../state/inode_table.ts';
import type { DeviceId } from '../../state/numbers.ts';
import { EBUSY, EINVAL } from '../include/errno.ts';
import { evict_pages } from './inode_release.ts';
import { vfs_fsync } from './sync.ts';

/**
 * Unmounts the file system of a device; its files are there again when it is mounted again. 0, -EINVAL if none is mounted,
 * -EBUSY while a file of it is open or mapped.
 * Linux: fs/namespace.c do_umount (7.2); fs/super.c generic_shutdown_super (7.2).
 */
export function* fs_umount(device: DeviceId): Op<number> {
  yield* down_write(super_block.s_umount, device);
  const error = yield* fs_umount_locked(device);
  yield* up_write(super_block.s_umount, device);
  return error;
}

/** The same under s_umount. */
export function* fs_umount_locked(device: DeviceId): Op<number> {
  if ((yield* load(super_block.s_type, device)) === 0) return -EINVAL;
  if (yield* fs_is_busy(device)) return -EBUSY;
  yield* sync_filesystem(device);
  yield* evict_inodes(device);
  yield* store(super_block.s_type, device, 0);
  return 0;
}

/** Whether a file of a file system is open or mapped: 1 or 0. Linux: fs/pnode.c propagate_mount_busy (7.2). */
export function* fs_is_busy(device: DeviceId): Op<number> {
  let file = yield* inode_next(device, 0);
  while (file !== 0) {
    if (yield* load(inode.i_count, file)) return 1;
    file = yield* inode_next(device, file);
  }
  return 0;
}

/**
 * Makes all files of a file system durable.
 * Linux: fs/sync.c sync_filesystem (7.2).
 */
export function* sync_filesystem(device: DeviceId): Op {
  let file = yield* inode_next(device, 0);
  while (file !== 0) {
    yield* vfs_fsync(file);
    file = yield* inode_next(device, file);
  }
}

/**
 * Takes the pages of all files of a file system out of memory.
 * Linux: fs/inode.c evict_inodes (7.2).
 */
export function* evict_inodes(device: DeviceId): Op {
  let file = yield* inode_next(device, 0);
  while (file !== 0) {
    yield* evict_pages(file);
    file = yield* inode_next(device, file);
  }
}
