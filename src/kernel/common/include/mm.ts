import type { Op } from '../../../machine/primitive.ts';
import {
  atomic_add,
  atomic_add_unless_zero,
  atomic_sub_and_test,
  load,
} from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { __folio_put } from '../mm/swap.ts';
import { is_frame_of_zeros } from './zero_page.ts';

/*
 * Folios (include/linux/mm.h, page_ref.h, page-flags.h). A folio is named by the frame of its head page. The word
 * `order` stands for PG_head and for the order in the second page: the kernel changes the two together, and only
 * while nobody holds the folio.
 */

/**
 * The folio that a page belongs to: its head, or the page itself.
 * Linux: include/linux/page-flags.h page_folio (7.2). The look at compound_head is one access, as there.
 */
export function* page_folio(pfn: Pfn): Op<Pfn> {
  const head = yield* load(page.compound_head, pfn);
  return head === 0 ? pfn : head - 1;
}

/**
 * log2 of the pages of a folio.
 * Linux: include/linux/mm.h folio_order (7.2).
 */
export function* folio_order(folio: Pfn): Op<number> {
  return yield* load(page.order, folio);
}

/**
 * 1 if the folio has more pages than one.
 * Linux: include/linux/page-flags.h folio_test_large (7.2).
 */
export function* folio_test_large(folio: Pfn): Op<number> {
  return (yield* load(page.order, folio)) !== 0 ? 1 : 0;
}

/**
 * Pages of a folio.
 * Linux: include/linux/mm.h folio_nr_pages (7.2).
 */
export function* folio_nr_pages(folio: Pfn): Op<number> {
  return 1 << (yield* load(page.order, folio));
}

/**
 * References of a folio at this moment.
 * Linux: include/linux/page_ref.h folio_ref_count (7.2).
 */
export function* folio_ref_count(folio: Pfn): Op<number> {
  return yield* load(page._refcount, folio);
}

/**
 * Entries that map a folio or a part of it, of any size one each.
 * Linux: include/linux/mm.h folio_mapcount (7.2). Left out: pages that have a type in the count's place.
 */
export function* folio_mapcount(folio: Pfn): Op<number> {
  if (yield* folio_test_large(folio)) return (yield* load(page._large_mapcount, folio)) + 1;
  return (yield* load(page._mapcount, folio)) + 1;
}

/**
 * Adds references to a folio that somebody else keeps alive meanwhile.
 * Linux: include/linux/page_ref.h folio_ref_add (7.2).
 */
export function* folio_ref_add(folio: Pfn, refs: number): Op {
  yield* atomic_add(page._refcount, folio, refs);
}

/**
 * Adds one reference to a folio that somebody else keeps alive meanwhile.
 * Linux: include/linux/mm.h folio_get (7.2). Left out: the debug check that the count was not 0.
 */
export function* folio_get(folio: Pfn): Op {
  yield* folio_ref_add(folio, 1);
}

/**
 * Adds references unless there are none, which is the only safe way for who merely read a frame number somewhere;
 * 1 if it added them.
 * Linux: include/linux/page_ref.h folio_ref_try_add (7.2), which is folio_ref_add_unless with 0.
 */
export function* folio_ref_try_add(folio: Pfn, refs: number): Op<number> {
  return yield* atomic_add_unless_zero(page._refcount, folio, refs);
}

/**
 * Adds a reference to the folio of a page that somebody else holds; 1, or 0 with a warning if nobody does.
 * Linux: include/linux/mm.h try_get_page (7.2).
 */
export function* try_get_page(pfn: Pfn): Op<number> {
  if (is_frame_of_zeros(pfn)) return 1;
  const folio = yield* page_folio(pfn);
  const count = yield* folio_ref_count(folio);
  if (WARN_ON_ONCE(count <= 0, 'try_get_page: the page is free', folio)) return 0;
  yield* folio_get(folio);
  return 1;
}

/**
 * Drops references; 1 if those were the last.
 * Linux: include/linux/page_ref.h folio_ref_sub_and_test (7.2).
 */
export function* folio_ref_sub_and_test(folio: Pfn, refs: number): Op<number> {
  return yield* atomic_sub_and_test(page._refcount, folio, refs);
}

/**
 * Drops references of a folio; the last one frees it.
 * Linux: include/linux/mm.h folio_put_refs (7.2).
 */
export function* folio_put_refs(folio: Pfn, refs: number): Op {
  if (yield* folio_ref_sub_and_test(folio, refs)) yield* __folio_put(folio);
}

/**
 * Drops one reference of a folio; the last one frees it.
 * Linux: include/linux/mm.h folio_put (7.2).
 */
export function* folio_put(folio: Pfn): Op {
  yield* folio_put_refs(folio, 1);
}
