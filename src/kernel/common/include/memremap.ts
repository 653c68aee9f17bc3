import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { dev_pagemap } from '../../state/dax.ts';
import { MEMORY_DEVICE_FS_DAX } from '../../state/memmap.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';

/**
 * Whether a folio is a page of a file on a DAX file system.
 * Linux: include/linux/memremap.h folio_is_fsdax (7.2). Pages without a pgmap are ordinary memory.
 */
export function* folio_is_fsdax(folio: Pfn): Op<number> {
  const pgmap = yield* load(page.pgmap, folio);
  if (pgmap <= 0) return 0;
  return (yield* load(dev_pagemap.type, pgmap - 1)) === MEMORY_DEVICE_FS_DAX ? 1 : 0;
}
