import { free_zone_device_folio } from '#scheme/mm/memremap.ts';
import type { Op } from '../../../machine/primitive.ts';
import { atomic_or, load } from '../../../machine/primitives/access.ts';
import { free_anon_page } from '../../state/anon_page.ts';
import { PG_referenced } from '../../state/memmap.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { folio_test_anon } from '../include/anon_page.ts';

/**
 * Disposes of a folio whose last reference was dropped.
 * Linux: mm/swap.c __folio_put (7.2). Left out: folios of hugetlb.
 */
export function* __folio_put(folio: Pfn): Op {
  if (folio_test_anon(folio)) yield* free_anon_page(folio);
  else yield* free_zone_device_folio(folio);
}

/**
 * Notes that a folio was used.
 * Linux: mm/swap.c folio_mark_accessed (7.2). Left out: what later uses count up to (PG_workingset, the generations
 * of the multi-generational LRU), since device pages are on no list that is aged.
 */
export function* folio_mark_accessed(folio: Pfn): Op {
  if (((yield* load(page.flags, folio)) & PG_referenced) === 0)
    yield* atomic_or(page.flags, folio, PG_referenced);
}
