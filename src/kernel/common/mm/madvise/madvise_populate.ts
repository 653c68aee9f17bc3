import type { Op } from '../../../../machine/primitive.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';
import { MADV_POPULATE_WRITE } from '../../include/mman.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/mmap_lock.ts';
import { faultin_page_range } from '../gup/populate.ts';

/**
 * Faults all of `[start, end)` in, for writing if the advice says so: 0 or a negative errno. A part that was done is
 * followed by another turn, which then meets the error.
 * Linux: mm/madvise.c madvise_populate (7.2), which keeps mmap_lock between turns unless a fault dropped it.
 */
export function* madvise_populate(mm: MmId, start: Vaddr, end: Vaddr, behavior: number): Op<number> {
  let at = start;
  let error = 0;
  while (at < end && error === 0) {
    yield* mmap_read_lock(mm);
    const pages = yield* faultin_page_range(mm, at, end, behavior === MADV_POPULATE_WRITE ? 1 : 0);
    yield* mmap_read_unlock(mm);
    if (pages < 0) error = pages;
    else at += pages;
  }
  return error;
}
