import type { Op } from '../../../machine/primitive.ts';
import { atomic_sub_and_test, store } from '../../../machine/primitives/access.ts';
import { down_write, up_write } from '../../../machine/primitives/locks.ts';
import { super_block } from '../../state/inode.ts';
import { inode_disposed, inode_next, inode_restore, inode_take_unused } from '../../state/inode_table.ts';
import type { DeviceId } from '../../state/numbers.ts';
import { clear_inode, evict_pages } from './inode_release.ts';
import { vfs_fsync } from './sync.ts';

/**
 * Drops a reference of a superblock; the last one shuts the file system down. Its files are there again when it is mounted
 * again.
 * Linux: fs/super.c deactivate_super, deactivate_locked_super (7.2). Left out: dropping one that is not the last without s_umount.
 */
export function* deactivate_super(device: DeviceId): Op {
  yield* down_write(super_block.s_umount, device);
  if (yield* atomic_sub_and_test(super_block.s_active, device, 1)) yield* generic_shutdown_super(device);
  yield* up_write(super_block.s_umount, device);
}

/** Linux: fs/super.c generic_shutdown_super (7.2); fs/ext4/super.c ext4_put_super (7.2); fs/xfs/xfs_super.c xfs_fs_put_super (7.2). */
export function* generic_shutdown_super(device: DeviceId): Op {
  yield* sync_filesystem(device);
  yield* evict_inodes(device);
  yield* store(super_block.s_type, device, 0);
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
 * Takes the inodes out of memory that nobody holds, with their pages. From when they are marked nobody finds them until it is done.
 * Linux: fs/inode.c evict_inodes (7.2).
 */
export function* evict_inodes(device: DeviceId): Op {
  let file = yield* inode_take_unused(device, 0);
  while (file !== 0) file = yield* inode_take_unused(device, file);
  yield* dispose_list(device);
}

/**
 * Takes the pages of the inodes away that are marked. The files stay, for whoever asks the medium next.
 * Linux: fs/inode.c dispose_list, evict (7.2).
 */
export function* dispose_list(device: DeviceId): Op {
  let file = yield* inode_disposed(device);
  while (file !== 0) {
    yield* evict_pages(file);
    yield* clear_inode(file);
    yield* inode_restore(file);
    file = yield* inode_disposed(device);
  }
}
