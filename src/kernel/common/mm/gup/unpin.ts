import { put_page } from '#scheme/include/mm.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { get, min } from '../../../../machine/primitives/own.ts';
import { gup_pages } from '../../../state/gather.ts';
import { PG_dirty } from '../../../state/memmap.ts';
import type { Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { FOLL_PIN } from '../../include/gup_flags.ts';
import { folio_nr_pages, page_folio } from '../../include/mm.ts';
import { folio_mark_dirty_lock } from '../page-writeback.ts';
import { gup_put_folio } from './grab.ts';
import { gup_pages_clear } from './pages.ts';

/**
 * Notes that a pin wrote to a folio, unless that is noted already.
 * Linux: mm/gup.c unpin_user_pages_dirty_lock (7.2), its part for one folio.
 */
export function* dirty_pinned_folio(folio: Pfn): Op {
  if (((yield* load(page.flags, folio)) & PG_dirty) === 0) yield* folio_mark_dirty_lock(folio);
}

/**
 * Unpins `count` neighbouring pages, folio by folio, which it marks dirty first if `make_dirty`.
 * Linux: mm/gup.c unpin_user_page_range_dirty_lock, gup_folio_range_next (7.2).
 */
export function* unpin_user_page_range_dirty_lock(first: Pfn, count: number, make_dirty: number): Op {
  let pfn = first;
  while (pfn < first + count) {
    const folio = yield* page_folio(pfn);
    const end = folio + (yield* folio_nr_pages(folio));
    const nr = min(end, first + count) - pfn;
    if (make_dirty) yield* dirty_pinned_folio(folio);
    yield* gup_put_folio(folio, nr, FOLL_PIN);
    pfn += nr;
  }
}

/**
 * Unpins all pages of the caller's array, and empties it.
 * Linux: mm/gup.c unpin_user_pages_dirty_lock (7.2). The kernel looks at the head of each page to find where a folio
 * ends; here the head's order tells.
 */
export function* unpin_user_pages_dirty_lock(make_dirty: number): Op {
  const runs = get(gup_pages.count, 0);
  for (let run = 1; run <= runs; run++) {
    const first = get(gup_pages.first, run);
    yield* unpin_user_page_range_dirty_lock(first, get(gup_pages.count, run), make_dirty);
  }
  yield* gup_pages_clear();
}

/**
 * Unpins all pages of the caller's array, and empties it.
 * Linux: mm/gup.c unpin_user_pages (7.2).
 */
export function* unpin_user_pages(): Op {
  yield* unpin_user_pages_dirty_lock(0);
}

/**
 * Drops one reference of each page of the caller's array, and empties it: what everyone does who holds pages by
 * FOLL_GET.
 * Linux: include/linux/mm.h put_page (7.2), in the loops of its callers.
 */
export function* put_user_pages(): Op {
  const runs = get(gup_pages.count, 0);
  for (let run = 1; run <= runs; run++) {
    const first = get(gup_pages.first, run);
    const end = first + get(gup_pages.count, run);
    for (let pfn = first; pfn < end; pfn++) yield* put_page(pfn);
  }
  yield* gup_pages_clear();
}
