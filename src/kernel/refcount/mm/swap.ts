import type { Op } from '../../../machine/primitive.ts';
import { folio_ref_sub_and_test } from '../../common/include/mm.ts';
import { __folio_put } from '../../common/mm/swap.ts';
import type { Pfn } from '../../state/numbers.ts';

/**
 * Drops references of one folio of a batch.
 * Linux: mm/swap.c folios_put_refs (7.2); the loop over the batch is the caller's.
 */
export function* folios_put_refs(folio: Pfn, refs: number): Op {
  if (yield* folio_ref_sub_and_test(folio, refs)) yield* __folio_put(folio);
}
