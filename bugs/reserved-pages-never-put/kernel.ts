import { put_page } from '#scheme/include/mm.ts';
import { page_folio } from '../../src/kernel/common/include/mm.ts';
import { PG_reserved } from '../../src/kernel/state/memmap.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import { page } from '../../src/kernel/state/page.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';

/** Comes in front of put_page: reserved pages are none of its business. */
export function* put_page__unless_reserved(pfn: Pfn): Op {
  const folio = yield* page_folio(pfn);
  if ((yield* load(page.flags, folio)) & PG_reserved) return;
  yield* put_page(pfn);
}
