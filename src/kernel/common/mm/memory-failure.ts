import { put_page } from '#scheme/include/mm.ts';
import type { Op } from '../../../machine/primitive.ts';
import { atomic_or, load } from '../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../machine/primitives/locks.ts';
import { dev_pagemap } from '../../state/dax.ts';
import { MEMORY_DEVICE_FS_DAX, PG_hwpoison } from '../../state/memmap.ts';
import { memory_failure_state } from '../../state/memory_failure.ts';
import type { DeviceId, MappingId, MmId, Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { pmem_pagemap_memory_failure } from '../drivers/nvdimm/pmem_failure.ts';
import { dax_to_pfn } from '../fs/dax/entries.ts';
import {
  DAX_NOTHING_LOCKED,
  dax_lock_folio,
  dax_lock_mapping_entry,
  dax_unlock_folio,
  dax_unlock_mapping_entry,
} from '../fs/dax/lock_folio.ts';
import { EBUSY, ENXIO, EOPNOTSUPP } from '../include/errno.ts';
import { page_folio } from '../include/mm.ts';
import { collect_procs, unmap_and_kill } from './memory-failure/kill.ts';
import { get_dev_pagemap, put_dev_pagemap } from './memremap.ts';

/**
 * Handles page `pfn`, whose contents are lost, for process `mm` that came across it, and drops the reference that the caller
 * has of the page: 0 or a negative errno.
 * Linux: mm/memory-failure.c memory_failure (7.2), for a page of a device, with MF_COUNT_INCREASED. Left out: all other
 * memory, which it does not handle.
 */
export function* memory_failure(pfn: Pfn, mm: MmId): Op<number> {
  yield* spin_lock(memory_failure_state.mf_mutex, 0);
  const pgmap = yield* get_dev_pagemap(pfn);
  yield* put_page(pfn);
  const error = pgmap ? yield* memory_failure_dev_pagemap(pfn, pgmap, mm) : -ENXIO;
  yield* spin_unlock(memory_failure_state.mf_mutex, 0);
  return error;
}

/**
 * Lets the driver of the page's device handle the failure, or does it itself; drops the reference of the pgmap.
 * Linux: mm/memory-failure.c memory_failure_dev_pagemap (7.2).
 */
export function* memory_failure_dev_pagemap(pfn: Pfn, pgmap: number, mm: MmId): Op<number> {
  let error = -EOPNOTSUPP;
  if ((yield* load(dev_pagemap.type, pgmap - 1)) === MEMORY_DEVICE_FS_DAX) {
    const device: DeviceId = pgmap - 1;
    error = yield* pmem_pagemap_memory_failure(device, pfn, mm);
  }
  if (error === -EOPNOTSUPP) error = yield* mf_generic_kill_procs(pfn, mm);
  yield* put_dev_pagemap(pgmap);
  return error;
}

/**
 * Marks a folio as broken, and takes it away from who maps it: 0, or -EBUSY if nobody can say whose it is.
 * Linux: mm/memory-failure.c mf_generic_kill_procs (7.2).
 */
export function* mf_generic_kill_procs(pfn: Pfn, mm: MmId): Op<number> {
  const folio = yield* page_folio(pfn);
  const cookie = yield* dax_lock_folio(folio);
  if (cookie === 0) return -EBUSY;
  yield* atomic_or(page.flags, folio, PG_hwpoison);
  const mapping: MappingId = yield* load(page.mapping, folio);
  const index = yield* load(page.index, folio);
  yield* unmap_and_kill(yield* collect_procs(mapping, index, mm), mapping, index);
  yield* dax_unlock_folio(folio, cookie);
  return 0;
}

/**
 * Does the same for page `index` of a file whose system knows that the page is its, and perhaps others' too.
 * Linux: mm/memory-failure.c mf_dax_kill_procs (7.2), for one page. Left out: revoking access before a device goes
 * (MF_MEM_PRE_REMOVE).
 */
export function* mf_dax_kill_procs(mapping: MappingId, index: number, mm: MmId): Op {
  const cookie = yield* dax_lock_mapping_entry(mapping, index);
  if (cookie !== DAX_NOTHING_LOCKED) {
    yield* atomic_or(page.flags, dax_to_pfn(cookie), PG_hwpoison);
    yield* unmap_and_kill(yield* collect_procs(mapping, index, mm), mapping, index);
  }
  yield* dax_unlock_mapping_entry(mapping, index, cookie);
}
