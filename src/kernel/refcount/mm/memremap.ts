import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import { dev_pagemap } from '../../state/dax.ts';
import { MEMORY_DEVICE_FS_DAX, MEMORY_DEVICE_GENERIC } from '../../state/memmap.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { wake_up_var } from '../../state/wait_bit.ts';

/**
 * What becomes of a device folio at its last reference: a folio of device-DAX gets its base reference back, a folio
 * of a file stays at 0 and whoever waits for that is woken. Who reads the pgmap of a page that has become a tail meanwhile follows
 * the address of its head instead; what Linux finds there is not known, here it is the warning.
 * Linux: mm/memremap.c free_zone_device_folio (7.2). Left out: memory cgroups, anonymous folios, the other types.
 */
export function* free_zone_device_folio(folio: Pfn): Op {
  const pgmap = yield* load(page.pgmap, folio);
  if (WARN_ON_ONCE(pgmap <= 0, 'free_zone_device_folio: the folio has no pgmap', folio)) return;
  const type = yield* load(dev_pagemap.type, pgmap - 1);
  if (type === MEMORY_DEVICE_GENERIC) yield* store(page._refcount, folio, 1);
  if (type === MEMORY_DEVICE_FS_DAX) yield* wake_up_var(folio);
}
