import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_scan_for_busy_page: does not look. */
export function* dax_scan_for_busy_page__finds_none(
  _mapping: MappingId,
  _start_idx: number,
  _end_idx: number,
): Op<number> {
  return NO_PAGE;
}
