import {
  dax_entry_order,
  dax_is_locked,
  dax_is_zero_entry,
  XA_RETRY_ENTRY,
} from '../../src/kernel/common/fs/dax/entries.ts';
import { wait_for_entry } from '../../src/kernel/common/fs/dax/entry_lock.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import { xas_find_conflict } from '../../src/kernel/state/xarray.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of get_next_unlocked_entry: a hole is in nobody's way, be it as small as it may. */
export function* get_next_unlocked_entry__takes_holes(
  mapping: MappingId,
  index: number,
  order: number,
): Op<number> {
  for (;;) {
    const entry = yield* xas_find_conflict(mapping, index, order);
    if (entry === 0) return 0;
    if (dax_entry_order(entry) < order && !dax_is_zero_entry(entry)) return XA_RETRY_ENTRY;
    if (!dax_is_locked(entry)) return entry;
    yield* wait_for_entry(mapping, index, entry);
  }
}
