import { XA_RETRY_ENTRY } from '../../src/kernel/common/fs/dax/entries.ts';
import { get_next_unlocked_entry } from '../../src/kernel/common/fs/dax/entry_lock.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of get_next_unlocked_entry: nothing is of order 0. */
export function* get_next_unlocked_entry__empty_conflicts(
  mapping: MappingId,
  index: number,
  order: number,
): Op<number> {
  const entry = yield* get_next_unlocked_entry(mapping, index, order);
  return entry === 0 && order > 0 ? XA_RETRY_ENTRY : entry;
}
