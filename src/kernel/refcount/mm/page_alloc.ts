import type { Op } from '../../../machine/primitive.ts';
import { store } from '../../../machine/primitives/access.ts';
import { prep_compound_tails } from '../../state/dax_folio.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';

/**
 * Makes one folio of `2 ** order` pages. References that somebody has stay where they are: those of a tail count no more.
 * Linux: mm/page_alloc.c prep_compound_page (7.2).
 */
export function* prep_compound_page(head: Pfn, order: number): Op {
  yield* prep_compound_tails(head, order);
  yield* prep_compound_head(head);
}

/**
 * Sets what a large folio counts, but for its references: nobody maps it or has it pinned, so it is taken to be.
 * Linux: mm/internal.h prep_compound_head (7.2). Left out: which processes map it (mm_id).
 */
export function* prep_compound_head(head: Pfn): Op {
  yield* store(page._large_mapcount, head, -1);
  yield* store(page._nr_pages_mapped, head, 0);
  yield* store(page._pincount, head, 0);
  yield* store(page._entire_mapcount, head, -1);
}
