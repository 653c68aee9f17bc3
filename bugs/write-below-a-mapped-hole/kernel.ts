import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of invalidate_inode_pages2_range: entries and mappings stay. */
export function* invalidate_inode_pages2_range__nothing(
  _mapping: MappingId,
  _start: number,
  _last: number,
): Op<number> {
  return 0;
}
