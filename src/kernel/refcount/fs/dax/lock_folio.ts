import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import type { MappingId, Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';

/**
 * The address_space of a folio that is about to be locked, 0 if it has none, or several files have it.
 * Linux: fs/dax.c dax_lock_folio (7.2), its look at folio->mapping.
 */
export function* dax_folio_mapping(folio: Pfn): Op<MappingId> {
  return yield* load(page.mapping, folio);
}
