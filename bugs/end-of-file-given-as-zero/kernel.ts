import { dax_scan_for_busy_page } from '../../src/kernel/common/fs/dax/layout.ts';
import { unmap_mapping_pages } from '../../src/kernel/common/mm/memory.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_layout_busy_page_range: its callers give 0 for the end, believed to mean that of the file. */
export function* dax_layout_busy_page_range__up_to_page_zero(
  mapping: MappingId,
  start_idx: number,
  _end_idx: number,
): Op<number> {
  yield* unmap_mapping_pages(mapping, start_idx, 0, 0);
  return yield* dax_scan_for_busy_page(mapping, start_idx, 0);
}
