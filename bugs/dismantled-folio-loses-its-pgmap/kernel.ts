import { folio_order } from '../../src/kernel/common/include/mm.ts';
import { dismantle_compound_page } from '../../src/kernel/state/dax_folio.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_folio_reset_order: what the links of tails were written over is not put back. */
export function* dax_folio_reset_order__without_pgmap(folio: Pfn): Op<number> {
  const order = yield* folio_order(folio);
  yield* dismantle_compound_page(folio, order);
  return order;
}
