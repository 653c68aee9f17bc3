import type { Op } from '../../../machine/primitive.ts';
import { atomic_or, load } from '../../../machine/primitives/access.ts';
import { folio_lock, folio_unlock } from '../../state/folio_lock.ts';
import { PG_dirty } from '../../state/memmap.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';

/**
 * Notes that the contents of a folio changed through an entry or a pin.
 * Linux: mm/page-writeback.c folio_mark_dirty (7.2), which for every DAX mapping, and for none, ends in
 * noop_dirty_folio: it only sets the flag, when it is not set yet.
 */
export function* folio_mark_dirty(folio: Pfn): Op {
  if (((yield* load(page.flags, folio)) & PG_dirty) === 0) yield* atomic_or(page.flags, folio, PG_dirty);
}

/**
 * The same under the lock of the folio.
 * Linux: mm/page-writeback.c folio_mark_dirty_lock (7.2).
 */
export function* folio_mark_dirty_lock(folio: Pfn): Op {
  yield* folio_lock(folio);
  yield* folio_mark_dirty(folio);
  yield* folio_unlock(folio);
}
