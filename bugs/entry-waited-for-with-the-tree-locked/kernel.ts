import { wait_for_entry } from '../../src/kernel/common/fs/dax/entry_lock.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of wait_entry_unlocked: comes back with the tree locked. */
export function* wait_entry_unlocked__relocks(mapping: MappingId, index: number, entry: number): Op {
  yield* wait_for_entry(mapping, index, entry);
}
