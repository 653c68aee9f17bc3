import { ClearPageAnonExclusive } from '../../src/kernel/common/include/anon_page.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import { page } from '../../src/kernel/state/page.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { atomic_add } from '../../src/machine/primitives/access.ts';

/** Takes the place of folio_try_dup_anon_rmap_pte: shares every page. */
export function* folio_try_dup_anon_rmap_pte__whoever_pins(folio: Pfn): Op<number> {
  yield* ClearPageAnonExclusive(folio);
  yield* atomic_add(page._mapcount, folio, 1);
  return 1;
}
