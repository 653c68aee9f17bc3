import { dax_layout_busy_page, wait_page_idle } from '../../src/kernel/common/fs/dax/layout.ts';
import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import { dax_page_is_idle } from '../../src/kernel/devmap/fs/dax/layout.ts';
import type { InodeId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of break_dax_layouts: the sleep alone says that there is more to do. */
export function* break_dax_layouts__looks_again_after_sleep(inode: InodeId): Op<number> {
  for (;;) {
    const busy = yield* dax_layout_busy_page(inode);
    if (busy === NO_PAGE) return 0;
    if (yield* dax_page_is_idle(busy)) return 0;
    yield* wait_page_idle(busy, inode);
  }
}
