import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { dev_dax, dev_pagemap } from '../../../state/dax.ts';
import { persistent_range_add } from '../../../state/medium.ts';
import { MEMORY_DEVICE_FS_DAX } from '../../../state/memmap.ts';
import type { DeviceId } from '../../../state/numbers.ts';
import { memremap_pages } from '../../mm/memremap.ts';
import { run_dax } from '../dax/super.ts';

/**
 * Sets up a pmem device whose place dev_dax says, for file systems that map its pages: 0 or -ENOMEM.
 * Linux: drivers/nvdimm/pmem.c pmem_attach_disk (7.2). Left out: the block device, its request queue and bad blocks.
 */
export function* pmem_attach(device: DeviceId): Op<number> {
  yield* store(dev_pagemap.type, device, MEMORY_DEVICE_FS_DAX);
  yield* store(dev_pagemap.vmemmap_shift, device, 0);
  yield* store(dev_pagemap.start_pfn, device, yield* load(dev_dax.start_pfn, device));
  yield* store(dev_pagemap.nr_pages, device, yield* load(dev_dax.nr_pages, device));
  yield* persistent_range_add(yield* load(dev_dax.start_pfn, device), yield* load(dev_dax.nr_pages, device));
  const error = yield* memremap_pages(device);
  if (error) return error;
  yield* store(dev_dax.bound, device, 1);
  yield* run_dax(device);
  return 0;
}
