import { defineStruct, type Struct } from '../../machine/field.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import type { DeviceId } from './numbers.ts';

type MountField = 'attached' | 'mnt_count';

/** struct mount (fs/mount.h) of the file system on a device, which has one mount point, and its place in the tree there. */
export const mount: Struct<DeviceId, MountField> = defineStruct<DeviceId, MountField>(
  'mount',
  { doc: 'struct mount, fs/mount.h', dense: true },
  {
    attached: { doc: '1 while its mount point leads to it' },
    mnt_count: { doc: 'open files, and system calls with a path under way, that hold it' },
  },
);

/** Finds the mount behind a path, with a reference: 1, or 0 if the mount point leads nowhere (legitimize_mnt). */
export const mnt_get: (device: DeviceId) => Op<number> = primitive((machine, device) => {
  const { attached, mnt_count } = machine.memory.of(mount);
  if (attached.get(device) === 0) return 0;
  mnt_count.set(device, mnt_count.get(device) + 1);
  return 1;
});

/** Puts a mount where its mount point is: 1, or 0 if it is there already (do_add_mount, under namespace_sem). */
export const mnt_attach: (device: DeviceId) => Op<number> = primitive((machine, device) => {
  const { attached } = machine.memory.of(mount);
  if (attached.get(device) !== 0) return 0;
  attached.set(device, 1);
  return 1;
});

/**
 * Takes a mount from its mount point, with the caller's reference, if that is the only one: 1, or 0 if others hold it
 * (propagate_mount_busy and umount_tree, under namespace_sem and mount_lock).
 */
export const mnt_detach: (device: DeviceId) => Op<number> = primitive((machine, device) => {
  const { attached, mnt_count } = machine.memory.of(mount);
  if (mnt_count.get(device) !== 1) return 0;
  attached.set(device, 0);
  mnt_count.set(device, 0);
  return 1;
});
