import { folio_ref_add } from '../../src/kernel/common/include/mm.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import { page } from '../../src/kernel/state/page.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { atomic_add, load } from '../../src/machine/primitives/access.ts';

/** Comes in front of folio_ref_add: the count goes on from 0 where its bits are used up. */
export function* folio_ref_add__of_two_bits(folio: Pfn, refs: number): Op {
  yield* folio_ref_add(folio, refs);
  if ((yield* load(page._refcount, folio)) >= 4) yield* atomic_add(page._refcount, folio, -4);
}
