import type { Op } from '../../../../machine/primitive.ts';
import { gup_walk } from '../../../common/mm/gup/slow.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';

/**
 * Takes pages by way of the page tables and their locks, under mmap_lock, faulting in what is not there: how many, or
 * an errno if none.
 * Linux: mm/gup.c __get_user_pages (7.2).
 */
export function* __get_user_pages(mm: MmId, start: Vaddr, nr_pages: number, gup_flags: number): Op<number> {
  return yield* gup_walk(mm, start, nr_pages, gup_flags);
}
