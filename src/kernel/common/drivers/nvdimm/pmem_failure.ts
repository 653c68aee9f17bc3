import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { dev_pagemap } from '../../../state/dax.ts';
import { FS_XFS, super_block } from '../../../state/inode.ts';
import type { DeviceId, MmId, Pfn } from '../../../state/numbers.ts';
import { xfs_dax_notify_failure } from '../../fs/xfs/xfs_notify_failure.ts';
import { ENXIO, EOPNOTSUPP } from '../../include/errno.ts';
import { dax_alive, dax_read_lock, dax_read_unlock } from '../dax/super.ts';

/**
 * What the driver of a pmem device does about a page that failed: 0 or a negative errno, -EOPNOTSUPP if it leaves it to
 * others.
 * Linux: drivers/nvdimm/pmem.c pmem_pagemap_memory_failure (7.2).
 */
export function* pmem_pagemap_memory_failure(device: DeviceId, pfn: Pfn, mm: MmId): Op<number> {
  const block = pfn - (yield* load(dev_pagemap.start_pfn, device));
  yield* dax_read_lock();
  const error = yield* dax_holder_notify_failure(device, block, mm);
  yield* dax_read_unlock();
  return error;
}

/**
 * Tells the holder of a device, if it wants to know: xfs does, ext4 does not. 0 or a negative errno.
 * Linux: drivers/dax/super.c dax_holder_notify_failure (7.2), inside its dax_read_lock.
 */
export function* dax_holder_notify_failure(device: DeviceId, block: number, mm: MmId): Op<number> {
  if (!(yield* dax_alive(device))) return -ENXIO;
  if ((yield* load(super_block.s_type, device)) !== FS_XFS) return -EOPNOTSUPP;
  return yield* xfs_dax_notify_failure(device, block, mm);
}
