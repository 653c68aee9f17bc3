import { folio_put, page_folio } from '../../src/kernel/common/include/mm.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of put_page: pages of files are none of those that are managed. */
export function* put_page__other_kind(pfn: Pfn): Op {
  yield* folio_put(yield* page_folio(pfn));
}
