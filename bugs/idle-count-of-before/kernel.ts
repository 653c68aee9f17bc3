import { folio_ref_count } from '../../src/kernel/common/include/mm.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_page_is_idle: idle pages counted 1. */
export function* dax_page_is_idle__counts_one(folio: Pfn): Op<number> {
  return (yield* folio_ref_count(folio)) === 1 ? 1 : 0;
}
