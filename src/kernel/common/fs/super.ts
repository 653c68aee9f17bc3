import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { down_write, up_write } from '../../../machine/primitives/locks.ts';
import { pages_forget } from '../../state/durable.ts';
import { inode, super_block } from '../../state/inode.ts';
import type { DeviceId, InodeId } from '../../state/numbers.ts';
import { EBUSY } from '../include/errno.ts';

/** The device that a file lies on. Linux: include/linux/fs.h struct inode (7.2), its i_sb. */
export function* inode_device(file: InodeId): Op<DeviceId> {
  return (yield* load(inode.i_sb, file)) - 1;
}

/** FS_ kind of the file system that a file lies on. Linux: include/linux/fs.h struct super_block (7.2), its s_type. */
export function* inode_file_system(file: InodeId): Op<number> {
  return yield* load(super_block.s_type, yield* inode_device(file));
}

/**
 * Whether the device of a file's system went away: 1 or 0.
 * Linux: fs/ext4/ext4.h ext4_forced_shutdown (7.2); fs/xfs/xfs_mount.h xfs_is_shutdown (7.2).
 */
export function* is_shutdown(file: InodeId): Op<number> {
  return yield* load(super_block.shutdown, yield* inode_device(file));
}

/**
 * Mounts a file system of FS_ `kind`, made with a map from blocks to files or without (`rmapbt`), on whose device there may be
 * files from before: 0, or -EBUSY if one is mounted. One whose device went away does not count: what it had in memory is forgotten.
 * Linux: fs/super.c get_tree_bdev (7.2); fs/ext4/super.c ext4_fill_super (7.2); fs/xfs/xfs_super.c xfs_fs_fill_super (7.2).
 * Left out: reading it from the medium, since what is known of its files stays in memory; that files which were open before
 * stay dead.
 */
export function* fs_mount(device: DeviceId, kind: number, rmapbt: number): Op<number> {
  yield* down_write(super_block.s_umount, device);
  const shutdown = yield* load(super_block.shutdown, device);
  const mounted = yield* load(super_block.s_type, device);
  const error = mounted && !shutdown ? -EBUSY : 0;
  if (error === 0) {
    if (shutdown) yield* pages_forget(device);
    yield* store(super_block.s_type, device, kind);
    yield* store(super_block.rmapbt, device, rmapbt);
    yield* store(super_block.shutdown, device, 0);
  }
  yield* up_write(super_block.s_umount, device);
  return error;
}
