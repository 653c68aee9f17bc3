import { warn_of_entries_left } from '#scheme/mm/truncate.ts';
import type { Op } from '../../../machine/primitive.ts';
import type { MappingId } from '../../state/numbers.ts';
import { xa_get_order, xas_find } from '../../state/xarray.ts';
import { dax_delete_mapping_entry, dax_invalidate_mapping_entry_sync } from '../fs/dax/delete.ts';
import { EBUSY } from '../include/errno.ts';
import { LAST_PGOFF } from '../include/fs.ts';
import { unmap_mapping_pages } from './memory.ts';

/*
 * What becomes of the entries of a file whose pages go or change under it. Ranges are in pages, both ends belong to them. A
 * look-up of entries is one step: the kernel does it inside an RCU read-side section.
 */

/**
 * Takes all entries away that lie in a range of a file or reach into it.
 * Linux: mm/truncate.c truncate_inode_pages_range, truncate_folio_batch_exceptionals (7.2), for a DAX file. Left out:
 * folios of the page cache.
 */
export function* truncate_inode_pages_range(mapping: MappingId, start: number, last: number): Op {
  for (;;) {
    const index = yield* xas_find(mapping, start, last);
    if (index < 0) return;
    yield* warn_of_entries_left();
    yield* dax_delete_mapping_entry(mapping, index);
  }
}

/**
 * The same up to the end of the file.
 * Linux: mm/truncate.c truncate_inode_pages (7.2).
 */
export function* truncate_inode_pages(mapping: MappingId, start: number): Op {
  yield* truncate_inode_pages_range(mapping, start, LAST_PGOFF);
}

/**
 * Takes the pages from `start` on away from a file that ends there now. Mappings go twice: who was about to put one in
 * looked at the size before.
 * Linux: mm/truncate.c truncate_pagecache (7.2).
 */
export function* truncate_pagecache(mapping: MappingId, start: number): Op {
  yield* unmap_mapping_pages(mapping, start, LAST_PGOFF, 1);
  yield* truncate_inode_pages(mapping, start);
  yield* unmap_mapping_pages(mapping, start, LAST_PGOFF, 1);
}

/**
 * Takes the pages of a range away from a file, as a hole punch does.
 * Linux: mm/truncate.c truncate_pagecache_range (7.2).
 */
export function* truncate_pagecache_range(mapping: MappingId, start: number, last: number): Op {
  if (last < start) return;
  yield* unmap_mapping_pages(mapping, start, last, 0);
  yield* truncate_inode_pages_range(mapping, start, last);
}

/**
 * Takes the entries of a range away whose pages are to be read anew, and then what maps them: 0, or -EBUSY if one has to be
 * written back first.
 * Linux: mm/truncate.c invalidate_inode_pages2_range (7.2), for a DAX file.
 */
export function* invalidate_inode_pages2_range(mapping: MappingId, start: number, last: number): Op<number> {
  let error = 0;
  let index = yield* xas_find(mapping, start, last);
  if (index < 0) return 0;
  while (index >= 0) {
    const nr = 1 << (yield* xa_get_order(mapping, index));
    const next = index - (index % nr) + nr;
    if (!(yield* dax_invalidate_mapping_entry_sync(mapping, index))) error = -EBUSY;
    index = yield* xas_find(mapping, next, last);
  }
  yield* unmap_mapping_pages(mapping, start, last, 0);
  return error;
}
