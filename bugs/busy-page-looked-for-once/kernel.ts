import { dax_delete_mapping_range } from '../../src/kernel/common/fs/dax/delete.ts';
import { wait_page_idle } from '../../src/kernel/common/fs/dax/layout.ts';
import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import { dax_layout_busy_page_range } from '../../src/kernel/refcount/fs/dax/layout.ts';
import type { InodeId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_break_layout: believes that one page is all there is to wait for. */
export function* dax_break_layout__looks_once(
  inode: InodeId,
  start_idx: number,
  end_idx: number,
  _cb: number,
): Op<number> {
  const busy = yield* dax_layout_busy_page_range(inode, start_idx, end_idx);
  if (busy !== NO_PAGE) yield* wait_page_idle(busy, inode);
  yield* dax_delete_mapping_range(inode, start_idx, end_idx);
  return 0;
}
