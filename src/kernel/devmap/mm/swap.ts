import type { Op } from '../../../machine/primitive.ts';
import { folio_ref_sub_and_test } from '../../common/include/mm.ts';
import { __folio_put } from '../../common/mm/swap.ts';
import type { Pfn } from '../../state/numbers.ts';
import { put_devmap_managed_folio_refs } from './memremap.ts';

/**
 * Drops references of one folio of a batch.
 * Linux: mm/swap.c folios_put_refs (6.12); the loop over the batch is the caller's.
 */
export function* folios_put_refs(folio: Pfn, refs: number): Op {
  if (yield* put_devmap_managed_folio_refs(folio, refs)) return;
  if (yield* folio_ref_sub_and_test(folio, refs)) yield* __folio_put(folio);
}
