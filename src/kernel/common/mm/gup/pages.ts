import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import { gup_pages } from '../../../state/gather.ts';
import type { Pfn } from '../../../state/numbers.ts';

/*
 * The pages array of a get_user_pages call. It is the caller's own memory, so that filling it is no step. Neighbours
 * stand together as one run, runs count from 1; object 0 holds the pages in all in `first` (Linux's `nr`), and the
 * runs in `count`.
 */

/** Appends `count` neighbouring pages: `pages[*nr] = page; (*nr)++` for each. */
// biome-ignore lint/correctness/useYield: a function of the dialect that only touches its caller's own memory
export function* gup_pages_add(first: Pfn, count: number): Op {
  const run = get(gup_pages.count, 0);
  put(gup_pages.first, 0, get(gup_pages.first, 0) + count);
  if (run > 0 && get(gup_pages.first, run) + get(gup_pages.count, run) === first) {
    put(gup_pages.count, run, get(gup_pages.count, run) + count);
    return;
  }
  put(gup_pages.first, run + 1, first);
  put(gup_pages.count, run + 1, count);
  put(gup_pages.count, 0, run + 1);
}

/** Takes the last page out of the array: `pages[--(*nr)]`. */
// biome-ignore lint/correctness/useYield: a function of the dialect that only touches its caller's own memory
export function* gup_pages_remove_last(): Op<Pfn> {
  const run = get(gup_pages.count, 0);
  const left = get(gup_pages.count, run) - 1;
  const pfn = get(gup_pages.first, run) + left;
  put(gup_pages.first, 0, get(gup_pages.first, 0) - 1);
  put(gup_pages.count, run, left);
  if (left === 0) {
    put(gup_pages.first, run, 0);
    put(gup_pages.count, 0, run - 1);
  }
  return pfn;
}

/** Empties the array, leaving nothing behind that would tell two calls apart. */
// biome-ignore lint/correctness/useYield: a function of the dialect that only touches its caller's own memory
export function* gup_pages_clear(): Op {
  for (let run = get(gup_pages.count, 0); run > 0; run--) {
    put(gup_pages.first, run, 0);
    put(gup_pages.count, run, 0);
  }
  put(gup_pages.first, 0, 0);
  put(gup_pages.count, 0, 0);
}
