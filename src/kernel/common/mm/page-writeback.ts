import type { Op } from '../../../machine/primitive.ts';
import { atomic_or, load } from '../../../machine/primitives/access.ts';
import { PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE } from '../../state/address_space.ts';
import { folio_lock, folio_unlock } from '../../state/folio_lock.ts';
import { PG_dirty } from '../../state/memmap.ts';
import type { MappingId, Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { xas_find_marked, xas_next_marked, xas_set_mark } from '../../state/xarray.ts';
import { xas_lock_irq, xas_unlock_irq } from '../fs/dax/entry_lock.ts';

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

/**
 * Marks what is dirty in pages `[start, end]` of a file as what is to be written now, so that what gets dirty meanwhile does
 * not keep the writer busy for ever.
 * Linux: mm/page-writeback.c tag_pages_for_writeback (7.2). Left out: giving way to other tasks.
 */
export function* tag_pages_for_writeback(mapping: MappingId, start: number, end: number): Op {
  yield* xas_lock_irq(mapping);
  let index = yield* xas_find_marked(mapping, start, end, PAGECACHE_TAG_DIRTY);
  while (index >= 0) {
    yield* xas_set_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
    index = yield* xas_next_marked(mapping, index, end, PAGECACHE_TAG_DIRTY);
  }
  yield* xas_unlock_irq(mapping);
}
