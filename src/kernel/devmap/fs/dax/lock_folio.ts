import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { PAGE_MAPPING_DAX_SHARED } from '../../../state/dax_folio.ts';
import type { MappingId, Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';

/**
 * The address_space of a folio that is about to be locked, 0 if it has none. The mark of a page that several files have is
 * taken for an address_space, whose host is looked for: an oops. A mistake, mended in 6.15.
 * Linux: fs/dax.c dax_lock_folio (6.12), its look at folio->mapping; include/linux/dax.h dax_mapping (6.12).
 */
export function* dax_folio_mapping(folio: Pfn): Op<MappingId> {
  const mapping: MappingId = yield* load(page.mapping, folio);
  const marked = mapping === PAGE_MAPPING_DAX_SHARED;
  WARN_ON_ONCE(marked, 'dax_lock_folio: NULL pointer dereference, several files have the page', folio);
  return marked ? 0 : mapping;
}
