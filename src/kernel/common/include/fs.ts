import type { Op } from '../../../machine/primitive.ts';
import { down_read, down_write, up_read, up_write } from '../../../machine/primitives/locks.ts';
import { dax_device } from '../../state/dax.ts';
import type { DeviceId } from '../../state/numbers.ts';

/** How a file was opened (include/linux/fs.h). */
export const FMODE_READ = 1;
export const FMODE_WRITE = 2;

/*
 * The lock of the tree of all VMAs that map a file (i_mmap). That of a device is in the inode of its dax_device.
 */

/** Keeps the tree as it is. Linux: include/linux/fs.h i_mmap_lock_read (7.2). */
export function* i_mmap_lock_read(mapping: DeviceId): Op {
  yield* down_read(dax_device.i_mmap_rwsem, mapping);
}

/** Linux: include/linux/fs.h i_mmap_unlock_read (7.2). */
export function* i_mmap_unlock_read(mapping: DeviceId): Op {
  yield* up_read(dax_device.i_mmap_rwsem, mapping);
}

/** Keeps everyone else out of the tree. Linux: include/linux/fs.h i_mmap_lock_write (7.2). */
export function* i_mmap_lock_write(mapping: DeviceId): Op {
  yield* down_write(dax_device.i_mmap_rwsem, mapping);
}

/** Linux: include/linux/fs.h i_mmap_unlock_write (7.2). */
export function* i_mmap_unlock_write(mapping: DeviceId): Op {
  yield* up_write(dax_device.i_mmap_rwsem, mapping);
}
