import type { Op } from '../../../../machine/primitive.ts';
import { spin_lock, spin_unlock } from '../../../../machine/primitives/locks.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { address_space, DAX_LOCKED, FILE_PAGES } from '../../../state/address_space.ts';
import {
  prepare_to_wait,
  prepare_to_wait_exclusive,
  schedule_until_entry_wakes,
  wake_up_entry_waiters,
} from '../../../state/dax_wait.ts';
import type { IPagesSlot, MappingId } from '../../../state/numbers.ts';
import { xas_find_conflict, xas_load, xas_store } from '../../../state/xarray.ts';
import {
  dax_entry_order,
  dax_entry_start,
  dax_is_conflict,
  dax_is_locked,
  XA_RETRY_ENTRY,
} from './entries.ts';

/*
 * Every DAX entry is a lock: whoever changes what a page of a file is holds the entry locked, and whoever finds it so
 * waits, with the lock of the tree dropped. Waiters are exclusive: an unlock wakes the first, and one who was woken and
 * does not lock the entry has to wake the next. What the kernel keeps in a cursor (struct xa_state) are the arguments
 * `mapping`, `index` and `order` here.
 */

/** Whom dax_wake_entry wakes. Linux: fs/dax.c enum dax_wake_mode (7.2). */
export const WAKE_ALL = 1;
export const WAKE_NEXT = 0;

/** Linux: include/linux/xarray.h xas_lock_irq (7.2). */
export function* xas_lock_irq(mapping: MappingId): Op {
  yield* spin_lock(address_space.xa_lock, mapping);
}

/** Linux: include/linux/xarray.h xas_unlock_irq (7.2). */
export function* xas_unlock_irq(mapping: MappingId): Op {
  yield* spin_unlock(address_space.xa_lock, mapping);
}

/**
 * What waiters for an entry and those who wake them have to agree on: of an entry of order 9 it is the first index.
 * Linux: fs/dax.c dax_entry_waitqueue (7.2), the key.
 */
export function dax_entry_waitqueue(mapping: MappingId, index: number, entry: number): IPagesSlot {
  return mapping * FILE_PAGES + dax_entry_start(entry, index);
}

/**
 * Wakes who waits for an entry: the first, or everyone.
 * Linux: fs/dax.c dax_wake_entry (7.2). Left out: the look whether anyone waits, which the caller's lock makes safe.
 */
export function* dax_wake_entry(mapping: MappingId, index: number, entry: number, mode: number): Op {
  yield* wake_up_entry_waiters(dax_entry_waitqueue(mapping, index, entry), mode);
}

/**
 * Waits until the entry that was found at `index` may have been unlocked. The caller holds xa_lock, and does again
 * afterwards: whatever it read before may have changed.
 * Linux: fs/dax.c get_next_unlocked_entry (7.2), wait_entry_unlocked_exclusive (7.2), their wait.
 */
export function* wait_for_entry(mapping: MappingId, index: number, entry: number): Op {
  yield* prepare_to_wait_exclusive(dax_entry_waitqueue(mapping, index, entry));
  yield* xas_unlock_irq(mapping);
  yield* schedule_until_entry_wakes();
  yield* xas_lock_irq(mapping);
}

/**
 * The first entry among the `2 ** order` pages from `index` on, once nobody has it locked: 0 if there is none,
 * XA_RETRY_ENTRY if it is smaller than `order`. The caller holds xa_lock, which is dropped while it waits.
 * Linux: fs/dax.c get_next_unlocked_entry (7.2); fs/dax.c get_unlocked_entry (6.12).
 */
export function* get_next_unlocked_entry(mapping: MappingId, index: number, order: number): Op<number> {
  for (;;) {
    const entry = yield* xas_find_conflict(mapping, index, order);
    if (entry === 0) return 0;
    if (dax_entry_order(entry) < order) return XA_RETRY_ENTRY;
    if (!dax_is_locked(entry)) return entry;
    yield* wait_for_entry(mapping, index, entry);
  }
}

/**
 * Waits for an entry, and for that one alone, until nobody has it locked: as it is then, or 0 if it is gone. The
 * caller holds xa_lock, which is dropped while it waits, and found the entry at `index`.
 * Linux: fs/dax.c wait_entry_unlocked_exclusive (7.2).
 */
export function* wait_entry_unlocked_exclusive(mapping: MappingId, index: number, found: number): Op<number> {
  let entry = found;
  while (dax_is_locked(entry)) {
    yield* wait_for_entry(mapping, index, entry);
    entry = yield* xas_load(mapping, index);
  }
  return entry;
}

/**
 * Waits until an entry may have been unlocked, and leaves the tree unlocked: it may be another file's by then. Not an
 * exclusive waiter: it owes nobody a wake-up.
 * Linux: fs/dax.c wait_entry_unlocked (7.2).
 */
export function* wait_entry_unlocked(mapping: MappingId, index: number, entry: number): Op {
  yield* prepare_to_wait(dax_entry_waitqueue(mapping, index, entry));
  yield* xas_unlock_irq(mapping);
  yield* schedule_until_entry_wakes();
}

/**
 * Gives back what get_next_unlocked_entry returned, without having locked it: whoever waits behind is woken instead.
 * Linux: fs/dax.c put_unlocked_entry (7.2).
 */
export function* put_unlocked_entry(mapping: MappingId, index: number, entry: number, mode: number): Op {
  if (entry !== 0 && !dax_is_conflict(entry)) yield* dax_wake_entry(mapping, index, entry, mode);
}

/**
 * Locks an entry that nobody has locked; the caller holds xa_lock. What stood there.
 * Linux: fs/dax.c dax_lock_entry (7.2).
 */
export function* dax_lock_entry(mapping: MappingId, index: number, entry: number): Op<number> {
  return yield* xas_store(mapping, index, dax_is_locked(entry) ? entry : entry + DAX_LOCKED);
}

/**
 * Unlocks an entry, which `entry` (not locked) is to be from now on, and wakes the first who waits for it.
 * Linux: fs/dax.c dax_unlock_entry (7.2).
 */
export function* dax_unlock_entry(mapping: MappingId, index: number, entry: number): Op {
  yield* xas_lock_irq(mapping);
  const before = yield* xas_store(mapping, index, entry);
  yield* xas_unlock_irq(mapping);
  WARN_ON_ONCE(!dax_is_locked(before), 'dax_unlock_entry: the entry was not locked');
  yield* dax_wake_entry(mapping, index, entry, WAKE_NEXT);
}
