import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import { gup_walk } from '../../../common/mm/gup/slow.ts';
import { put_dev_pagemap } from '../../../common/mm/memremap.ts';
import { follow_page_context } from '../../../state/gup.ts';
import type { MmId, Pfn, Vaddr } from '../../../state/numbers.ts';
import { get_dev_pagemap_cached } from '../memremap.ts';

/**
 * Takes pages by way of the page tables and their locks, under mmap_lock, faulting in what is not there: how many, or
 * an errno if none. The call holds the pgmap of the last devmap page that it met, up to its end and no longer.
 * Linux: mm/gup.c __get_user_pages (6.12).
 */
export function* __get_user_pages(mm: MmId, start: Vaddr, nr_pages: number, gup_flags: number): Op<number> {
  const ret = yield* gup_walk(mm, start, nr_pages, gup_flags);
  yield* put_dev_pagemap(get(follow_page_context.pgmap, 0));
  put(follow_page_context.pgmap, 0, 0);
  return ret;
}

/**
 * Holds the pgmap of a page for the rest of the call; 0 if it is on its way out.
 * Linux: mm/gup.c follow_page_pte (6.12), mm/huge_memory.c follow_devmap_pmd (6.12), their use of ctx.pgmap.
 */
export function* hold_dev_pagemap(pfn: Pfn): Op<number> {
  const pgmap = yield* get_dev_pagemap_cached(pfn, get(follow_page_context.pgmap, 0));
  put(follow_page_context.pgmap, 0, pgmap);
  return pgmap;
}
