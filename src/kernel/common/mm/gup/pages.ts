import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import { gup_pages } from '../../../state/gather.ts';
import type { Pfn } from '../../../state/numbers.ts';

/*
 * The pages array of a get_user_pages call. It is the caller's own memory, so that filling it is no step. Neighbours
 * stand together as one run; runs count from 1, and the `count` of object 0 is how many there are.
 */

/** Pages in the array: Linux's `nr`. */
export function* gup_pages_number(): Op<number> {
  let pages = 0;
  for (let run = get(gup_pages.count, 0); run > 0; run--) pages += get(gup_pages.count, run);
  return pages;
}

/** Appends `count` neighbouring pages: `pages[*nr] = page; (*nr)++` for each. */
export function* gup_pages_add(first: Pfn, count: number): Op {
  const run = get(gup_pages.count, 0);
  if (run > 0) {
    const before = get(gup_pages.count, run);
    if (get(gup_pages.first, run) + before === first) {
      put(gup_pages.count, run, before + count);
      return;
    }
  }
  put(gup_pages.first, run + 1, first);
  put(gup_pages.count, run + 1, count);
  put(gup_pages.count, 0, run + 1);
}

/** Takes the last page out of the array: `pages[--(*nr)]`. */
export function* gup_pages_remove_last(): Op<Pfn> {
  const run = get(gup_pages.count, 0);
  const left = get(gup_pages.count, run) - 1;
  const pfn = get(gup_pages.first, run) + left;
  put(gup_pages.count, run, left);
  if (left === 0) {
    put(gup_pages.first, run, 0);
    put(gup_pages.count, 0, run - 1);
  }
  return pfn;
}

/** Empties the array, leaving nothing behind that would tell two calls apart. */
export function* gup_pages_clear(): Op {
  for (let run = get(gup_pages.count, 0); run > 0; run--) {
    put(gup_pages.first, run, 0);
    put(gup_pages.count, run, 0);
  }
  put(gup_pages.count, 0, 0);
}
