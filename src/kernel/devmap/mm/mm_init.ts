import type { Op } from '../../../machine/primitive.ts';
import { store } from '../../../machine/primitives/access.ts';
import { dev_pagemap } from '../../state/dax.ts';
import type { DeviceId } from '../../state/numbers.ts';

/**
 * What a fresh head page of the device counts: 1, whatever its type.
 * Linux: mm/mm_init.c __init_zone_device_page (6.12). Left out: private, coherent and P2PDMA memory.
 */
export function* __init_zone_device_page(device: DeviceId): Op {
  yield* store(dev_pagemap.initial_refcount, device, 1);
}
