import { dax_delete_mapping_range } from '../../src/kernel/common/fs/dax/delete.ts';
import { LAST_PGOFF } from '../../src/kernel/common/include/fs.ts';
import type { InodeId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of dax_break_layout_final: looks for no busy page. */
export function* dax_break_layout_final__looks_for_no_page(inode: InodeId): Op {
  yield* dax_delete_mapping_range(inode, 0, LAST_PGOFF);
}
