import type { Op } from '../../../machine/primitive.ts';
import { atomic_add_return, load } from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import { folio_is_fsdax } from '../../common/include/memremap.ts';
import { get_dev_pagemap, put_dev_pagemap } from '../../common/mm/memremap.ts';
import { dev_pagemap } from '../../state/dax.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { wake_up_var } from '../../state/wait_bit.ts';

/**
 * What becomes of a device folio at its last reference: nothing, since neither device-DAX nor files set the
 * page_free operation. Idle pages count 1, so that a correct kernel never comes here.
 * Linux: mm/memremap.c free_zone_device_folio (6.12). Left out: memory cgroups, the types that set page_free.
 */
export function* free_zone_device_folio(folio: Pfn): Op {
  const pgmap = yield* load(page.pgmap, folio);
  WARN_ON_ONCE(pgmap !== 0, 'free_zone_device_folio: the pgmap has no page_free', folio);
}

/**
 * Drops references of a page of a file, and wakes whoever waits for it when exactly the idle count is left. 1 if it
 * did; 0 if the folio is not of that kind, and the caller has to drop them.
 * Linux: include/linux/mm.h put_devmap_managed_folio_refs (6.12); mm/memremap.c
 * __put_devmap_managed_folio_refs (6.12). Left out: the static key that skips the test of the type while no device has files.
 */
export function* put_devmap_managed_folio_refs(folio: Pfn, refs: number): Op<number> {
  if (!(yield* folio_is_fsdax(folio))) return 0;
  if ((yield* atomic_add_return(page._refcount, folio, -refs)) === 1) yield* wake_up_var(folio);
  return 1;
}

/**
 * The pgmap that `pfn` belongs to (its number plus 1), with a reference, or 0. `cached` is one that the caller holds
 * from an earlier page, or 0: if it covers `pfn` too it is returned as it is, else its reference is dropped.
 * Linux: mm/memremap.c get_dev_pagemap (6.12), its use by GUP.
 */
export function* get_dev_pagemap_cached(pfn: Pfn, cached: number): Op<number> {
  if (cached) {
    const start = yield* load(dev_pagemap.start_pfn, cached - 1);
    if (start <= pfn && pfn < start + (yield* load(dev_pagemap.nr_pages, cached - 1))) return cached;
    yield* put_dev_pagemap(cached);
  }
  return yield* get_dev_pagemap(pfn);
}
