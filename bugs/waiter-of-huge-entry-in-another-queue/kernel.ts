import { FILE_PAGES } from '../../src/kernel/state/address_space.ts';
import type { IPagesSlot, MappingId } from '../../src/kernel/state/numbers.ts';

/** Takes the place of dax_entry_waitqueue: the index as it is. */
export function dax_entry_waitqueue__by_own_index(
  mapping: MappingId,
  index: number,
  _entry: number,
): IPagesSlot {
  return mapping * FILE_PAGES + index;
}
