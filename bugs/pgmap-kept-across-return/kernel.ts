import { gup_walk } from '../../src/kernel/common/mm/gup/slow.ts';
import { follow_page_context } from '../../src/kernel/state/gup.ts';
import type { MmId, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { put } from '../../src/machine/primitives/own.ts';

/** Takes the place of __get_user_pages: forgets the pgmap instead of dropping it. */
export function* __get_user_pages__keeps_pgmap(
  mm: MmId,
  start: Vaddr,
  nr_pages: number,
  gup_flags: number,
): Op<number> {
  const ret = yield* gup_walk(mm, start, nr_pages, gup_flags);
  put(follow_page_context.pgmap, 0, 0);
  return ret;
}
