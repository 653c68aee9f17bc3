import { dax_is_locked } from '../../src/kernel/common/fs/dax/entries.ts';
import { dax_writeback_one } from '../../src/kernel/common/fs/dax/writeback.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_writeback_one: does not wait for a locked entry, and leaves its marks as they are. */
export function* dax_writeback_one__passes_over(
  mapping: MappingId,
  index: number,
  found: number,
): Op<number> {
  if (dax_is_locked(found)) return 0;
  return yield* dax_writeback_one(mapping, index, found);
}
