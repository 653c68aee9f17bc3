import { PageAnonExclusive, SetPageAnonExclusive } from '../../src/kernel/common/include/anon_page.ts';
import { folio_mapcount } from '../../src/kernel/common/include/mm.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of anon_page_is_own: counts who maps the page, not who holds it. */
export function* anon_page_is_own__by_mapcount(folio: Pfn): Op<number> {
  if (yield* PageAnonExclusive(folio)) return 1;
  if ((yield* folio_mapcount(folio)) !== 1) return 0;
  yield* SetPageAnonExclusive(folio);
  return 1;
}
