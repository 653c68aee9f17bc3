import { put_page } from '#scheme/include/mm.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../../machine/primitives/locks.ts';
import { memory_failure_state } from '../../../state/memory_failure.ts';
import type { Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { folio_test_anon } from '../../include/anon_page.ts';
import { EBUSY, EIO } from '../../include/errno.ts';
import { folio_ref_count } from '../../include/mm.ts';

/**
 * Moves what page `pfn` holds elsewhere, so that nobody uses it any more, and drops the reference that the caller has of it: 0 or
 * a negative errno. Pages of devices are never online memory, and the page of zeros cannot be moved.
 * Linux: mm/memory-failure.c soft_offline_page (7.2), with MF_COUNT_INCREASED. Left out: that the administrator forbade it.
 */
export function* soft_offline_page(pfn: Pfn): Op<number> {
  if (!folio_test_anon(pfn)) {
    yield* put_page(pfn);
    return -EIO;
  }
  yield* spin_lock(memory_failure_state.mf_mutex, 0);
  const error = yield* soft_offline_in_use_page(pfn);
  yield* spin_unlock(memory_failure_state.mf_mutex, 0);
  return error;
}

/**
 * A private copy moves unless somebody but its entries and the caller holds it.
 * Linux: mm/memory-failure.c soft_offline_in_use_page (7.2). Left out: the move itself (migrate_pages), which leaves bytes and flags
 * of the entries as they are: private copies have no place that anybody could ask for.
 */
export function* soft_offline_in_use_page(pfn: Pfn): Op<number> {
  const users = yield* folio_ref_count(pfn);
  const entries = (yield* load(page._mapcount, pfn)) + 1;
  yield* put_page(pfn);
  return users === entries + 1 ? 0 : -EBUSY;
}
