import { dax_is_locked } from '../../src/kernel/common/fs/dax/entries.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_entry_settled: does not wait for a locked entry. */
export function* dax_entry_settled__passes_over(
  _mapping: MappingId,
  _index: number,
  entry: number,
): Op<number> {
  return dax_is_locked(entry) ? 0 : entry;
}
