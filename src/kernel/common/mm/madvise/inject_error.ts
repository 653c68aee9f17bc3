import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';
import { task_struct } from '../../../state/task_struct.ts';
import { EOPNOTSUPP } from '../../include/errno.ts';
import { folio_nr_pages, page_folio } from '../../include/mm.ts';
import { MADV_SOFT_OFFLINE } from '../../include/mman.ts';
import { get_user_pages_fast } from '../gup/entry.ts';
import { gup_pages_remove_last } from '../gup/pages.ts';
import { soft_offline_page } from '../memory-failure/soft_offline.ts';
import { memory_failure } from '../memory-failure.ts';

/**
 * MADV_HWPOISON: has the pages behind `[start, end)` fail, as if the process had come across them broken. MADV_SOFT_OFFLINE: has
 * them given up before they do. 0, a negative errno, or the signal that the caller gets instead.
 * Linux: mm/madvise.c madvise_inject_error (7.2). Left out: callers who may not do so.
 */
export function* madvise_inject_error(mm: MmId, start: Vaddr, end: Vaddr, behavior: number): Op<number> {
  let error = 0;
  let at = start;
  while (at < end && error === 0) {
    const got = yield* get_user_pages_fast(mm, at, 1, 0);
    if (got !== 1) {
      error = got;
      break;
    }
    const pfn = yield* gup_pages_remove_last();
    at += yield* folio_nr_pages(yield* page_folio(pfn));
    if (behavior === MADV_SOFT_OFFLINE) {
      error = yield* soft_offline_page(pfn);
    } else {
      error = yield* memory_failure(pfn, mm);
      if (error === -EOPNOTSUPP) error = 0;
    }
  }
  const signal = get(task_struct.pending, 0);
  put(task_struct.pending, 0, 0);
  return signal !== 0 ? signal : error;
}
