import type { Op } from '../../../machine/primitive.ts';
import { atomic_add, load, store } from '../../../machine/primitives/access.ts';
import { down_write, up_write } from '../../../machine/primitives/locks.ts';
import { pages_forget } from '../../state/durable.ts';
import { gendisk, inode, super_block } from '../../state/inode.ts';
import type { DeviceId, InodeId } from '../../state/numbers.ts';
import { dax_alive } from '../drivers/dax/super.ts';
import { EINVAL, ENOENT, ENXIO } from '../include/errno.ts';

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
 * The file system of a device, of FS_ `kind`, made with a map from blocks to files or without (`rmapbt`), with a reference: the
 * one that is there, once nobody shuts it down, or a new one. 0 or a negative errno, which says how far the device is gone.
 * Linux: fs/super.c get_tree_bdev, sget_fc, grab_super (7.2); block/bdev.c lookup_bdev, bdev_open (7.2).
 */
export function* get_tree_bdev(device: DeviceId, kind: number, rmapbt: number): Op<number> {
  if (!(yield* load(gendisk.node, device))) return -ENOENT;
  if (!(yield* load(gendisk.hashed, device))) return -ENXIO;
  let error = 0;
  yield* down_write(super_block.s_umount, device);
  if ((yield* load(super_block.s_type, device)) === 0) error = yield* fill_super(device, kind, rmapbt);
  if (error === 0) yield* atomic_add(super_block.s_active, device, 1);
  yield* up_write(super_block.s_umount, device);
  return error;
}

/**
 * Sets a file system up: 0, or -EINVAL if its device has no DAX any more.
 * Linux: fs/ext4/super.c ext4_fill_super (7.2); fs/xfs/xfs_super.c xfs_fs_fill_super (7.2). Left out: reading it from the
 * medium, since what is known of its files stays in memory; that xfs does without DAX then, on a disk that is about to go.
 */
export function* fill_super(device: DeviceId, kind: number, rmapbt: number): Op<number> {
  if (!(yield* dax_alive(device))) return -EINVAL;
  yield* store(super_block.s_type, device, kind);
  yield* store(super_block.rmapbt, device, rmapbt);
  yield* store(super_block.shutdown, device, 0);
  return 0;
}

/**
 * Gives a mounted file system its device back, which it has to find anew in memory: 0. Linux has it unmounted and mounted for
 * that. Files that were open before go on, which in Linux are dead.
 */
export function* fs_revive(device: DeviceId): Op<number> {
  yield* down_write(super_block.s_umount, device);
  if (yield* load(super_block.shutdown, device)) {
    yield* pages_forget(device);
    yield* store(super_block.shutdown, device, 0);
  }
  yield* up_write(super_block.s_umount, device);
  return 0;
}
