import type { Op } from '../../../machine/primitive.ts';
import { atomic_add } from '../../../machine/primitives/access.ts';
import { mnt_attach, mnt_detach, mnt_get, mount } from '../../state/mount.ts';
import type { DeviceId } from '../../state/numbers.ts';
import { EBUSY, EINVAL } from '../include/errno.ts';
import { get_tree_bdev } from './super.ts';
import { deactivate_super } from './umount.ts';

/**
 * mount(2) of a device whose file system is of FS_ `kind`, made with a map from blocks to files or without (`rmapbt`), at its
 * mount point: 0, -EBUSY if it is mounted there, -ENOENT, -ENXIO or -EINVAL if the device is gone or going.
 * Linux: fs/namespace.c do_new_mount, do_add_mount (7.2).
 */
export function* fs_mount(device: DeviceId, kind: number, rmapbt: number): Op<number> {
  const error = yield* get_tree_bdev(device, kind, rmapbt);
  if (error) return error;
  if (yield* mnt_attach(device)) return 0;
  yield* deactivate_super(device);
  return -EBUSY;
}

/**
 * umount2(2) without flags: 0, -EINVAL if nothing is mounted, -EBUSY while a file is open or mapped, or a path is being
 * followed. The mount point leads nowhere before the file system is shut down, which may take its time.
 * Linux: fs/namespace.c path_umount, do_umount, cleanup_mnt (7.2).
 */
export function* fs_umount(device: DeviceId): Op<number> {
  if (!(yield* mnt_get(device))) return -EINVAL;
  if (!(yield* mnt_detach(device))) {
    yield* mntput(device);
    return -EBUSY;
  }
  yield* deactivate_super(device);
  return 0;
}

/** Drops a reference of a mount. Linux: fs/namespace.c mntput (7.2). Who unmounts it has the last one. */
export function* mntput(device: DeviceId): Op {
  yield* atomic_add(mount.mnt_count, device, -1);
}
