import type { Op } from '../../../machine/primitive.ts';
import { folio_put, page_folio } from '../../common/include/mm.ts';
import { is_frame_of_zeros } from '../../common/include/zero_page.ts';
import type { Pfn } from '../../state/numbers.ts';
import { put_devmap_managed_folio_refs } from '../mm/memremap.ts';

/**
 * Drops one reference of the folio that a page belongs to. Only this way, and not folio_put, wakes who waits for a
 * page of a file to become idle.
 * Linux: include/linux/mm.h put_page (6.12).
 */
export function* put_page(pfn: Pfn): Op {
  if (is_frame_of_zeros(pfn)) return;
  const folio = yield* page_folio(pfn);
  if (yield* put_devmap_managed_folio_refs(folio, 1)) return;
  yield* folio_put(folio);
}
