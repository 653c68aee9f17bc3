import type { Op } from '../../../machine/primitive.ts';
import { atomic_add, atomic_add_return, store } from '../../../machine/primitives/access.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { SetPageAnonExclusive } from '../include/anon_page.ts';
import { folio_test_large } from '../include/mm.ts';

/*
 * Mapcounts of file folios. All counts but _nr_pages_mapped start at -1. Left out: statistics (NR_FILE_MAPPED),
 * mlocked folios, which processes share a large folio (mm_id), debug checks.
 */

/** What _nr_pages_mapped has more while at least one PMD or PUD entry maps the folio (mm/internal.h). */
export const ENTIRELY_MAPPED = 0x800000;

/**
 * Counts a PTE that maps page `pfn` of a folio.
 * Linux: mm/rmap.c folio_add_file_rmap_pte, __folio_add_rmap (7.2).
 */
export function* folio_add_file_rmap_pte(folio: Pfn, pfn: Pfn): Op {
  if ((yield* folio_test_large(folio)) === 0) {
    yield* atomic_add(page._mapcount, folio, 1);
    return;
  }
  const mapcount = yield* atomic_add_return(page._mapcount, pfn, 1);
  if (mapcount === 0) yield* atomic_add(page._nr_pages_mapped, folio, 1);
  yield* atomic_add(page._large_mapcount, folio, 1);
}

/**
 * Counts the entry that maps a private copy for the first time, which is its process's alone.
 * Linux: mm/rmap.c folio_add_new_anon_rmap (7.2). Left out: the place in the anon_vma.
 */
export function* folio_add_new_anon_rmap(folio: Pfn): Op {
  yield* store(page._mapcount, folio, 0);
  yield* SetPageAnonExclusive(folio);
}

/**
 * Counts a PMD entry that maps a whole folio.
 * Linux: mm/rmap.c folio_add_file_rmap_pmd, __folio_add_rmap (7.2).
 */
export function* folio_add_file_rmap_pmd(folio: Pfn): Op {
  yield* folio_add_file_rmap_entire(folio);
}

/**
 * Counts a PUD entry that maps a whole folio.
 * Linux: mm/rmap.c folio_add_file_rmap_pud, __folio_add_rmap (7.2).
 */
export function* folio_add_file_rmap_pud(folio: Pfn): Op {
  yield* folio_add_file_rmap_entire(folio);
}

/** What PMD and PUD entries have in common. */
export function* folio_add_file_rmap_entire(folio: Pfn): Op {
  const mapcount = yield* atomic_add_return(page._entire_mapcount, folio, 1);
  if (mapcount === 0) yield* atomic_add(page._nr_pages_mapped, folio, ENTIRELY_MAPPED);
  yield* atomic_add(page._large_mapcount, folio, 1);
}

/**
 * Counts off `nr` PTEs that mapped neighbouring pages of a folio, from page `pfn` on.
 * Linux: mm/rmap.c folio_remove_rmap_ptes, __folio_remove_rmap (7.2).
 */
export function* folio_remove_rmap_ptes(folio: Pfn, pfn: Pfn, nr: number): Op {
  if ((yield* folio_test_large(folio)) === 0) {
    yield* atomic_add(page._mapcount, folio, -1);
    return;
  }
  yield* atomic_add(page._large_mapcount, folio, -nr);
  let unmapped = 0;
  for (let i = 0; i < nr; i++) {
    const mapcount = yield* atomic_add_return(page._mapcount, pfn + i, -1);
    if (mapcount < 0) unmapped += 1;
  }
  if (unmapped !== 0) yield* atomic_add(page._nr_pages_mapped, folio, -unmapped);
}

/**
 * Counts off a PMD entry that mapped a whole folio.
 * Linux: mm/rmap.c folio_remove_rmap_pmd, __folio_remove_rmap (7.2).
 */
export function* folio_remove_rmap_pmd(folio: Pfn): Op {
  yield* folio_remove_rmap_entire(folio);
}

/**
 * Counts off a PUD entry that mapped a whole folio.
 * Linux: mm/rmap.c folio_remove_rmap_pud, __folio_remove_rmap (7.2).
 */
export function* folio_remove_rmap_pud(folio: Pfn): Op {
  yield* folio_remove_rmap_entire(folio);
}

/** What PMD and PUD entries have in common. */
export function* folio_remove_rmap_entire(folio: Pfn): Op {
  yield* atomic_add(page._large_mapcount, folio, -1);
  const mapcount = yield* atomic_add_return(page._entire_mapcount, folio, -1);
  if (mapcount < 0) yield* atomic_add(page._nr_pages_mapped, folio, -ENTIRELY_MAPPED);
}
