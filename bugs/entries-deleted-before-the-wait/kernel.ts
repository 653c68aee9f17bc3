import { dax_delete_mapping_range } from '../../src/kernel/common/fs/dax/delete.ts';
import { dax_break_layout } from '../../src/kernel/refcount/fs/dax/layout.ts';
import type { InodeId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_break_layout: what it is to look through is gone by then. */
export function* dax_break_layout__deletes_first(
  inode: InodeId,
  start_idx: number,
  end_idx: number,
  cb: number,
): Op<number> {
  yield* dax_delete_mapping_range(inode, start_idx, end_idx);
  return yield* dax_break_layout(inode, start_idx, end_idx, cb);
}
