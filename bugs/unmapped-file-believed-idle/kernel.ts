import { mapping_mapped } from '../../src/kernel/common/include/fs.ts';
import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import { dax_layout_busy_page_range } from '../../src/kernel/refcount/fs/dax/layout.ts';
import type { MappingId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_layout_busy_page_range: a file that nobody maps is idle. */
export function* dax_layout_busy_page_range__only_if_mapped(
  mapping: MappingId,
  start_idx: number,
  end_idx: number,
): Op<number> {
  if (!(yield* mapping_mapped(mapping))) return NO_PAGE;
  return yield* dax_layout_busy_page_range(mapping, start_idx, end_idx);
}
