import { dax_folio_mapping } from '#scheme/fs/dax/lock_folio.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { rcu_read_lock, rcu_read_unlock } from '../../../../machine/primitives/readers.ts';
import { FIRST_INODE } from '../../../state/inode.ts';
import type { MappingId, Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { xas_load } from '../../../state/xarray.ts';
import { dax_is_empty_entry, dax_is_locked, dax_is_zero_entry } from './entries.ts';
import {
  dax_lock_entry,
  dax_unlock_entry,
  wait_entry_unlocked,
  xas_lock_irq,
  xas_unlock_irq,
} from './entry_lock.ts';

/*
 * Locking the entry of a page from outside of fs/dax.c, to keep its file from losing it. The cookie that says so is the
 * entry itself.
 */

/** The cookie where there is nothing to lock, but nothing to fear either. */
export const DAX_NOTHING_LOCKED = -1;

/**
 * Locks the entry of a folio: its cookie, DAX_NOTHING_LOCKED for a folio of device-DAX, 0 if no file has the folio, or
 * several files have it.
 * Linux: fs/dax.c dax_lock_folio (7.2).
 */
export function* dax_lock_folio(folio: Pfn): Op<number> {
  for (;;) {
    yield* rcu_read_lock();
    const mapping: MappingId = yield* dax_folio_mapping(folio);
    if (mapping < FIRST_INODE) {
      yield* rcu_read_unlock();
      return mapping > 0 ? DAX_NOTHING_LOCKED : 0;
    }
    yield* xas_lock_irq(mapping);
    yield* rcu_read_unlock();
    const cookie = yield* dax_lock_own_entry(folio, mapping);
    if (cookie) return cookie;
  }
}

/**
 * The same once the file is known; 0 to try again. The caller holds xa_lock, which is dropped here.
 * Linux: fs/dax.c dax_lock_folio (7.2), from its look at the entry on.
 */
export function* dax_lock_own_entry(folio: Pfn, mapping: MappingId): Op<number> {
  if ((yield* load(page.mapping, folio)) !== mapping) {
    yield* xas_unlock_irq(mapping);
    return 0;
  }
  const index = yield* load(page.index, folio);
  const entry = yield* xas_load(mapping, index);
  if (dax_is_locked(entry)) {
    yield* wait_entry_unlocked(mapping, index, entry);
    return 0;
  }
  yield* dax_lock_entry(mapping, index, entry);
  yield* xas_unlock_irq(mapping);
  return entry;
}

/** Ends what dax_lock_folio began. Linux: fs/dax.c dax_unlock_folio (7.2). */
export function* dax_unlock_folio(folio: Pfn, cookie: number): Op {
  const mapping: MappingId = yield* load(page.mapping, folio);
  if (mapping < FIRST_INODE) return;
  yield* dax_unlock_entry(mapping, yield* load(page.index, folio), cookie);
}

/**
 * Locks the entry of a page of a file: its cookie, or DAX_NOTHING_LOCKED if no page of the device is there.
 * Linux: fs/dax.c dax_lock_mapping_entry (7.2). Left out: files that are not DAX.
 */
export function* dax_lock_mapping_entry(mapping: MappingId, index: number): Op<number> {
  for (;;) {
    yield* xas_lock_irq(mapping);
    const entry = yield* xas_load(mapping, index);
    if (!dax_is_locked(entry)) {
      const nothing = entry === 0 || dax_is_zero_entry(entry) || dax_is_empty_entry(entry);
      if (!nothing) yield* dax_lock_entry(mapping, index, entry);
      yield* xas_unlock_irq(mapping);
      return nothing ? DAX_NOTHING_LOCKED : entry;
    }
    yield* wait_entry_unlocked(mapping, index, entry);
  }
}

/** Ends what dax_lock_mapping_entry began. Linux: fs/dax.c dax_unlock_mapping_entry (7.2). */
export function* dax_unlock_mapping_entry(mapping: MappingId, index: number, cookie: number): Op {
  if (cookie !== DAX_NOTHING_LOCKED) yield* dax_unlock_entry(mapping, index, cookie);
}
