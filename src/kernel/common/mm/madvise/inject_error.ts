import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';
import { task_struct } from '../../../state/task_struct.ts';
import { EOPNOTSUPP } from '../../include/errno.ts';
import { folio_nr_pages, page_folio } from '../../include/mm.ts';
import { get_user_pages_fast } from '../gup/entry.ts';
import { gup_pages_remove_last } from '../gup/pages.ts';
import { memory_failure } from '../memory-failure.ts';

/**
 * MADV_HWPOISON: has the pages behind `[start, end)` fail, as if the process had come across them broken. 0, a negative errno,
 * or the signal that the caller gets instead.
 * Linux: mm/madvise.c madvise_inject_error (7.2). Left out: MADV_SOFT_OFFLINE; callers who may not do so.
 */
export function* madvise_inject_error(mm: MmId, start: Vaddr, end: Vaddr): Op<number> {
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
    error = yield* memory_failure(pfn, mm);
    if (error === -EOPNOTSUPP) error = 0;
  }
  const signal = get(task_struct.pending, 0);
  put(task_struct.pending, 0, 0);
  return signal !== 0 ? signal : error;
}
