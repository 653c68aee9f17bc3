import type { Op } from '../../../machine/primitive.ts';
import { folio_put, page_folio } from '../../common/include/mm.ts';
import { is_frame_of_zeros } from '../../common/include/zero_page.ts';
import type { Pfn } from '../../state/numbers.ts';

/**
 * Drops one reference of the folio that a page belongs to.
 * Linux: include/linux/mm.h put_page (7.2).
 */
export function* put_page(pfn: Pfn): Op {
  if (is_frame_of_zeros(pfn)) return;
  const folio = yield* page_folio(pfn);
  yield* folio_put(folio);
}
