import type { Op } from '../../../../machine/primitive.ts';
import { folio_put_refs } from '../../../common/include/mm.ts';
import type { Pfn } from '../../../state/numbers.ts';

/**
 * Drops references that GUP took.
 * Linux: mm/gup.c gup_put_folio, try_get_folio, try_grab_folio_fast (7.2), where they drop references.
 */
export function* gup_put_refs(folio: Pfn, refs: number): Op {
  yield* folio_put_refs(folio, refs);
}
