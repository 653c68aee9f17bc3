import { dax_disassociate_entry } from '#scheme/fs/dax/associate.ts';
import { dax_entry_settled } from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { address_space, PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE } from '../../../state/address_space.ts';
import type { MappingId } from '../../../state/numbers.ts';
import {
  xas_clear_mark,
  xas_find,
  xas_get_mark,
  xas_load,
  xas_next_entry,
  xas_store,
} from '../../../state/xarray.ts';
import { dax_entry_order } from './entries.ts';
import {
  get_next_unlocked_entry,
  put_unlocked_entry,
  WAKE_ALL,
  WAKE_NEXT,
  wait_entry_unlocked_exclusive,
  xas_lock_irq,
  xas_unlock_irq,
} from './entry_lock.ts';

/*
 * Entries that go. Everyone who waits for one is woken, not the next alone: there is nothing left that the one woken could
 * unlock again.
 */

/**
 * Takes an unlocked entry out of a file, its pages being nobody's from then on. The caller holds xa_lock.
 * Linux: fs/dax.c __dax_invalidate_entry, dax_delete_mapping_range (7.2), what they do to one entry.
 */
export function* dax_remove_entry(mapping: MappingId, index: number, entry: number, trunc: number): Op {
  yield* dax_disassociate_entry(entry, mapping, trunc);
  yield* xas_store(mapping, index, 0);
  const nrpages = yield* load(address_space.nrpages, mapping);
  yield* store(address_space.nrpages, mapping, nrpages - (1 << dax_entry_order(entry)));
}

/**
 * Takes the entry of a page away once it is unlocked: 1, or 0 if there is none. With `trunc` 0 an entry stays whose pages
 * have to be written back.
 * Linux: fs/dax.c __dax_invalidate_entry (7.2).
 */
export function* __dax_invalidate_entry(mapping: MappingId, index: number, trunc: number): Op<number> {
  let removed = 0;
  yield* xas_lock_irq(mapping);
  const entry = yield* get_next_unlocked_entry(mapping, index, 0);
  if (entry !== 0 && (trunc || !(yield* dax_entry_needs_writeback(mapping, index)))) {
    yield* dax_remove_entry(mapping, index, entry, trunc);
    removed = 1;
  }
  yield* put_unlocked_entry(mapping, index, entry, WAKE_ALL);
  yield* xas_unlock_irq(mapping);
  return removed;
}

/** 1 if an entry has a mark that says so. Linux: fs/dax.c __dax_invalidate_entry (7.2), its test. */
export function* dax_entry_needs_writeback(mapping: MappingId, index: number): Op<number> {
  if (yield* xas_get_mark(mapping, index, PAGECACHE_TAG_DIRTY)) return 1;
  return yield* xas_get_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
}

/**
 * Takes the entry of a page away that is there for sure: the caller keeps faults out and has seen it.
 * Linux: fs/dax.c dax_delete_mapping_entry (7.2).
 */
export function* dax_delete_mapping_entry(mapping: MappingId, index: number): Op<number> {
  const removed = yield* __dax_invalidate_entry(mapping, index, 1);
  WARN_ON_ONCE(removed === 0, 'dax_delete_mapping_entry: the entry is gone');
  return removed;
}

/**
 * Takes an entry away if it is clean: 1 if it did.
 * Linux: fs/dax.c dax_invalidate_mapping_entry_sync (7.2).
 */
export function* dax_invalidate_mapping_entry_sync(mapping: MappingId, index: number): Op<number> {
  return yield* __dax_invalidate_entry(mapping, index, 0);
}

/**
 * Takes all entries of a range of pages away, each once it is unlocked.
 * Linux: fs/dax.c dax_delete_mapping_range (7.2); later than 6.12.
 */
export function* dax_delete_mapping_range(mapping: MappingId, start_idx: number, end_idx: number): Op {
  yield* xas_lock_irq(mapping);
  let index = yield* xas_find(mapping, start_idx, end_idx);
  while (index >= 0) {
    const found = yield* xas_load(mapping, index);
    const entry = yield* wait_entry_unlocked_exclusive(mapping, index, found);
    if (entry !== 0) {
      yield* dax_remove_entry(mapping, index, entry, 1);
      yield* put_unlocked_entry(mapping, index, entry, WAKE_ALL);
    }
    index = yield* xas_next_entry(mapping, index, end_idx);
  }
  yield* xas_unlock_irq(mapping);
}

/**
 * Declares the entries of a range of pages clean, as their contents are about to be given up.
 * Linux: fs/dax.c __dax_clear_dirty_range (7.2). Left out: giving way to other tasks.
 */
export function* __dax_clear_dirty_range(mapping: MappingId, start: number, end: number): Op {
  yield* xas_lock_irq(mapping);
  let index = yield* xas_find(mapping, start, end);
  while (index >= 0) {
    const entry = yield* dax_entry_settled(mapping, index, yield* xas_load(mapping, index));
    yield* xas_clear_mark(mapping, index, PAGECACHE_TAG_DIRTY);
    yield* xas_clear_mark(mapping, index, PAGECACHE_TAG_TOWRITE);
    yield* put_unlocked_entry(mapping, index, entry, WAKE_NEXT);
    index = yield* xas_next_entry(mapping, index, end);
  }
  yield* xas_unlock_irq(mapping);
}
