import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { dev_pagemap } from '../../state/dax.ts';
import { MEMORY_DEVICE_FS_DAX } from '../../state/memmap.ts';
import type { DeviceId } from '../../state/numbers.ts';

/**
 * What a fresh head page of the device counts: 1 on device-DAX, whose driver holds it; 0 where files own the pages.
 * Linux: mm/mm_init.c __init_zone_device_page (7.2). Left out: private, coherent and P2PDMA memory.
 */
export function* __init_zone_device_page(device: DeviceId): Op {
  const type = yield* load(dev_pagemap.type, device);
  yield* store(dev_pagemap.initial_refcount, device, type === MEMORY_DEVICE_FS_DAX ? 0 : 1);
}
