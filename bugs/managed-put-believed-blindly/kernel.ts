import { page_folio } from '../../src/kernel/common/include/mm.ts';
import { put_devmap_managed_folio_refs } from '../../src/kernel/devmap/mm/memremap.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of put_page: does not look at what the managed put answers. */
export function* put_page__believes_managed_put(pfn: Pfn): Op {
  yield* put_devmap_managed_folio_refs(yield* page_folio(pfn), 1);
}
