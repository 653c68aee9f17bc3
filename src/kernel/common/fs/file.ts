import type { Op } from '../../../machine/primitive.ts';
import {
  atomic_add,
  atomic_add_unless_zero,
  atomic_sub_and_test,
  load,
} from '../../../machine/primitives/access.ts';
import { dax_device } from '../../state/dax.ts';
import { alloc_empty_file, file_free } from '../../state/file_table.ts';
import { FIRST_INODE } from '../../state/inode.ts';
import { file } from '../../state/mm.ts';
import type { DeviceId, FileId, InodeId, MappingId } from '../../state/numbers.ts';
import { dax_get_private } from '../drivers/dax/super.ts';
import { CONFIG_FS_DAX } from '../include/config.ts';
import { ENXIO } from '../include/errno.ts';
import { iput } from './inode_release.ts';
import { mntput } from './namespace.ts';
import { inode_device } from './super.ts';

/** Whether an address_space is that of a file on a file system, not of a device. */
export function is_file(mapping: MappingId): boolean {
  return CONFIG_FS_DAX !== 0 && mapping >= FIRST_INODE;
}

/**
 * Opens a device: the open file, or -ENXIO if it has no character device. One that is unbound can still be opened
 * while an earlier open keeps its character device in the inode.
 * Linux: fs/char_dev.c chrdev_open (7.2); drivers/dax/device.c dax_open (7.2).
 */
export function* dax_open(device: DeviceId, mode: number): Op<FileId> {
  if (!(yield* cdev_get(device))) return -ENXIO;
  return yield* alloc_empty_file(device + 1, mode, yield* dax_get_private(device));
}

/**
 * A reference of a device's character device, if there is one to take: 1 or 0.
 * Linux: fs/char_dev.c cdev_get (7.2). Left out: that a driver which is bound again sets the count up anew, under the
 * files still open.
 */
export function* cdev_get(device: DeviceId): Op<number> {
  return yield* atomic_add_unless_zero(dax_device.cdev, device, 1);
}

/**
 * Holds an open file once more.
 * Linux: include/linux/fs.h get_file (7.2).
 */
export function* get_file(filp: FileId): Op {
  yield* atomic_add(file.f_count, filp, 1);
}

/**
 * Drops a hold on an open file; the last one closes it.
 * Linux: fs/file_table.c fput (7.2).
 */
export function* fput(filp: FileId): Op {
  if (yield* atomic_sub_and_test(file.f_count, filp, 1)) yield* __fput(filp);
}

/**
 * Closes an open file.
 * Linux: fs/file_table.c __fput (7.2); fs/char_dev.c cdev_put (7.2); fs/dcache.c dput (7.2).
 */
export function* __fput(filp: FileId): Op {
  const mapping = yield* load(file.f_mapping, filp);
  yield* file_free(filp);
  if (is_file(mapping)) yield* dput_mntput(mapping);
  else yield* atomic_add(dax_device.cdev, mapping - 1, -1);
}

/** Gives up what an open file of a file system held: its inode, and then the mount. Linux: fs/file_table.c __fput (7.2). */
export function* dput_mntput(mapping: InodeId): Op {
  const device = yield* inode_device(mapping);
  yield* iput(mapping);
  yield* mntput(device);
}
