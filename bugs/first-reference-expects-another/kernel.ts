import { folio_ref_count } from '../../src/kernel/common/include/mm.ts';
import { folio_ref_inc } from '../../src/kernel/refcount/fs/dax/fault.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { WARN_ON_ONCE } from '../../src/machine/primitives/own.ts';

/** Comes in front of folio_ref_inc: a page that is about to be mapped counts 1, since it is free. */
export function* folio_ref_inc__expects_another(folio: Pfn): Op {
  const free = (yield* folio_ref_count(folio)) === 0;
  WARN_ON_ONCE(free, 'dax_fault_insert: the page has no reference');
  yield* folio_ref_inc(folio);
}
