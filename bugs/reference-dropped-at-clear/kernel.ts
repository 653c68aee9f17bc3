import { folio_put, page_folio } from '../../src/kernel/common/include/mm.ts';
import { folio_remove_rmap_ptes } from '../../src/kernel/common/mm/rmap.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of __tlb_remove_folio_page: nothing is queued. */
export function* __tlb_remove_folio_page__drops_at_once(pfn: Pfn, delay_rmap: number): Op<number> {
  const folio = yield* page_folio(pfn);
  if (delay_rmap) yield* folio_remove_rmap_ptes(folio, pfn, 1);
  yield* folio_put(folio);
  return 0;
}
