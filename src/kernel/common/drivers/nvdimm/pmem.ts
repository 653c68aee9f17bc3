import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { down_read, spin_lock, spin_unlock, up_read } from '../../../../machine/primitives/locks.ts';
import { dev_dax, dev_pagemap } from '../../../state/dax.ts';
import { gendisk, super_block } from '../../../state/inode.ts';
import { persistent_range_add } from '../../../state/medium.ts';
import { MEMORY_DEVICE_FS_DAX } from '../../../state/memmap.ts';
import type { DeviceId } from '../../../state/numbers.ts';
import { evict_inodes, sync_filesystem } from '../../fs/umount.ts';
import { EBUSY, ENODEV } from '../../include/errno.ts';
import { memremap_pages, memunmap_pages } from '../../mm/memremap.ts';
import { kill_dax, run_dax } from '../dax/super.ts';

/**
 * Binds the nd_pmem driver to a device whose place dev_dax says, so that file systems can map its pages: 0, -EBUSY if it is
 * bound, or -ENOMEM.
 * Linux: drivers/base/bus.c bind_store (7.2).
 */
export function* pmem_attach(device: DeviceId): Op<number> {
  let error = -EBUSY;
  yield* spin_lock(dev_dax.device_lock, device);
  if ((yield* load(dev_dax.bound, device)) === 0) error = yield* pmem_attach_disk(device);
  yield* spin_unlock(dev_dax.device_lock, device);
  return error;
}

/**
 * Sets a pmem device up: 0 or -ENOMEM.
 * Linux: drivers/nvdimm/pmem.c pmem_attach_disk (7.2); block/genhd.c device_add_disk (7.2). Left out: the request queue and bad
 * blocks.
 */
export function* pmem_attach_disk(device: DeviceId): Op<number> {
  const start = yield* load(dev_dax.start_pfn, device);
  const nr_pages = yield* load(dev_dax.nr_pages, device);
  yield* store(dev_pagemap.type, device, MEMORY_DEVICE_FS_DAX);
  yield* store(dev_pagemap.vmemmap_shift, device, 0);
  yield* store(dev_pagemap.start_pfn, device, start);
  yield* store(dev_pagemap.nr_pages, device, nr_pages);
  yield* persistent_range_add(start, nr_pages);
  const error = yield* memremap_pages(device);
  if (error) return error;
  yield* store(dev_dax.bound, device, 1);
  yield* run_dax(device);
  yield* store(gendisk.hashed, device, 1);
  yield* store(gendisk.node, device, 1);
  return 0;
}

/**
 * Unbinds the nd_pmem driver, also from under a mounted file system: 0 when all is torn down, -ENODEV if it is not bound.
 * Linux: drivers/base/bus.c unbind_store (7.2).
 */
export function* pmem_unbind(device: DeviceId): Op<number> {
  let error = -ENODEV;
  yield* spin_lock(dev_dax.device_lock, device);
  if (yield* load(dev_dax.bound, device)) {
    yield* pmem_release_disk(device);
    yield* memunmap_pages(device, 1);
    yield* store(dev_dax.bound, device, 0);
    error = 0;
  }
  yield* spin_unlock(dev_dax.device_lock, device);
  return error;
}

/**
 * Takes the device from its file system, whose files are written back a last time. Who maps pages keeps them, and whoever has
 * pages for I/O is waited for only where the file is closed.
 * Linux: drivers/nvdimm/pmem.c pmem_release_disk (7.2); block/genhd.c del_gendisk (7.2). Left out: an xfs that has a map from
 * blocks to files (rmapbt), which sends SIGBUS to who maps them; such a device is not unbound.
 */
export function* pmem_release_disk(device: DeviceId): Op {
  yield* kill_dax(device);
  yield* fs_bdev_mark_dead(device);
  yield* store(gendisk.hashed, device, 0);
  yield* store(gendisk.node, device, 0);
}

/**
 * Shuts a file system down whose device goes, if one is set up: from now on it answers -EIO. Files that nobody has open or maps
 * lose their pages first.
 * Linux: fs/super.c fs_bdev_mark_dead (7.2); fs/ext4/super.c ext4_shutdown (7.2); fs/xfs/xfs_super.c xfs_fs_shutdown (7.2).
 */
export function* fs_bdev_mark_dead(device: DeviceId): Op {
  yield* down_read(super_block.s_umount, device);
  if (yield* load(super_block.s_type, device)) {
    yield* sync_filesystem(device);
    yield* evict_inodes(device);
    yield* store(super_block.shutdown, device, 1);
  }
  yield* up_read(super_block.s_umount, device);
}
