import { folio_get } from '../../src/kernel/common/include/mm.ts';
import { add_mm_counter } from '../../src/kernel/common/include/mm_counter.ts';
import { folio_add_file_rmap_pte } from '../../src/kernel/common/mm/rmap.ts';
import type { MmId, Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of insert_page_counts: the reference is the page's own. */
export function* insert_page_counts__on_the_page(mm: MmId, folio: Pfn, pfn: Pfn): Op {
  yield* folio_get(pfn);
  yield* add_mm_counter(mm, 1);
  yield* folio_add_file_rmap_pte(folio, pfn);
}
