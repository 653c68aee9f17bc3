import type { Op } from '../../../machine/primitive.ts';
import { folio_put, page_folio } from '../../common/include/mm.ts';
import type { Pfn } from '../../state/numbers.ts';

/**
 * Drops one reference of the folio that a page belongs to.
 * Linux: include/linux/mm.h put_page (7.2).
 */
export function* put_page(pfn: Pfn): Op {
  const folio = yield* page_folio(pfn);
  yield* folio_put(folio);
}
