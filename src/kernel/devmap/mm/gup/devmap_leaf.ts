import type { Op } from '../../../../machine/primitive.ts';
import { atomic_andnot } from '../../../../machine/primitives/access.ts';
import { page_folio } from '../../../common/include/mm.ts';
import { entry_pfn, HPAGE_PMD_NR, HPAGE_PUD_NR } from '../../../common/include/pgtable_types.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import {
  folio_set_referenced,
  gup_fast_pmd_recheck,
  gup_fast_pud_recheck,
} from '../../../common/mm/gup/fast_leaf.ts';
import { gup_put_folio, try_grab_folio_fast } from '../../../common/mm/gup/grab.ts';
import { gup_pages_add, gup_pages_number, gup_pages_remove_last } from '../../../common/mm/gup/pages.ts';
import { put_dev_pagemap } from '../../../common/mm/memremap.ts';
import { PG_referenced } from '../../../state/memmap.ts';
import type { Entry, Pfn, PmdSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { get_dev_pagemap_cached } from '../memremap.ts';

/**
 * Gives back what was taken since the array held `nr_start` pages.
 * Linux: mm/gup.c gup_fast_undo_dev_pagemap (6.12).
 */
export function* gup_fast_undo_dev_pagemap(nr_start: number, flags: number): Op {
  while ((yield* gup_pages_number()) > nr_start) {
    const pfn = yield* gup_pages_remove_last();
    const folio = yield* page_folio(pfn);
    yield* atomic_andnot(page.flags, folio, PG_referenced);
    yield* gup_put_folio(folio, 1, flags);
  }
}

/**
 * Takes `nr` pages of a huge devmap entry, one by one: 1, or 0 with nothing taken. The pgmap is held from the first
 * page to the last, but no longer when the caller looks at the entry again.
 * Linux: mm/gup.c gup_fast_devmap_leaf (6.12). Left out: P2PDMA.
 */
export function* gup_fast_devmap_leaf(first: Pfn, nr: number, flags: number): Op<number> {
  const nr_start = yield* gup_pages_number();
  let pgmap = 0;
  let ret = 1;
  for (let pfn = first; ret && pfn < first + nr; pfn++) {
    pgmap = yield* get_dev_pagemap_cached(pfn, pgmap);
    const folio = pgmap ? yield* try_grab_folio_fast(pfn, 1, flags) : NO_PAGE;
    if (folio === NO_PAGE) {
      yield* gup_fast_undo_dev_pagemap(nr_start, flags);
      ret = 0;
    } else {
      yield* folio_set_referenced(folio);
      yield* gup_pages_add(pfn, 1);
    }
  }
  yield* put_dev_pagemap(pgmap);
  return ret;
}

/**
 * Takes the pages `[start, end)` of a devmap PMD leaf: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_devmap_pmd_leaf (6.12).
 */
export function* gup_fast_devmap_pmd_leaf(
  orig: Entry,
  pmdp: PmdSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  const nr_start = yield* gup_pages_number();
  const pfn = entry_pfn(orig) + (start % HPAGE_PMD_NR);
  if (!(yield* gup_fast_devmap_leaf(pfn, end - start, flags))) return 0;
  if (yield* gup_fast_pmd_recheck(pmdp, orig)) return 1;
  yield* gup_fast_undo_dev_pagemap(nr_start, flags);
  return 0;
}

/**
 * Takes the pages `[start, end)` of a devmap PUD leaf: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_devmap_pud_leaf (6.12).
 */
export function* gup_fast_devmap_pud_leaf(
  orig: Entry,
  pudp: PudSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  const nr_start = yield* gup_pages_number();
  const pfn = entry_pfn(orig) + (start % HPAGE_PUD_NR);
  if (!(yield* gup_fast_devmap_leaf(pfn, end - start, flags))) return 0;
  if (yield* gup_fast_pud_recheck(pudp, orig)) return 1;
  yield* gup_fast_undo_dev_pagemap(nr_start, flags);
  return 0;
}
