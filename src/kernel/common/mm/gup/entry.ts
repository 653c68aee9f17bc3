import type { Op } from '../../../../machine/primitive.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';
import { EFAULT } from '../../include/errno.ts';
import { FOLL_FAST_ONLY, FOLL_GET, FOLL_PIN, FOLL_REMOTE, FOLL_TOUCH } from '../../include/gup_flags.ts';
import { TASK_SIZE } from '../../include/mman.ts';
import { gup_fast } from './fast.ts';
import { __get_user_pages_locked } from './slow.ts';

/*
 * GUP's entries. Each collects pages into the caller's array, which it must find empty, and returns how many they are,
 * possibly fewer than asked for, or an errno if none.
 */

/**
 * Takes pages of the running process: without a lock as far as that goes, the rest the slow way.
 * Linux: mm/gup.c gup_fast_fallback (7.2), internal_get_user_pages_fast before 6.11. Left out: MMF_HAS_PINNED.
 */
export function* gup_fast_fallback(mm: MmId, start: Vaddr, nr_pages: number, gup_flags: number): Op<number> {
  const end = start + nr_pages;
  if (end > TASK_SIZE) return -EFAULT;
  const nr_pinned = yield* gup_fast(mm, start, end, gup_flags);
  if (nr_pinned === nr_pages || gup_flags & FOLL_FAST_ONLY) return nr_pinned;
  const rest = nr_pages - nr_pinned;
  const ret = yield* __get_user_pages_locked(mm, start + nr_pinned, rest, gup_flags | FOLL_TOUCH);
  if (ret < 0) return nr_pinned > 0 ? nr_pinned : ret;
  return nr_pinned + ret;
}

/**
 * Pins pages of the running process.
 * Linux: mm/gup.c pin_user_pages_fast (7.2).
 */
export function* pin_user_pages_fast(
  mm: MmId,
  start: Vaddr,
  nr_pages: number,
  gup_flags: number,
): Op<number> {
  return yield* gup_fast_fallback(mm, start, nr_pages, gup_flags | FOLL_PIN);
}

/**
 * Takes references on pages of the running process.
 * Linux: mm/gup.c get_user_pages_fast (7.2).
 */
export function* get_user_pages_fast(
  mm: MmId,
  start: Vaddr,
  nr_pages: number,
  gup_flags: number,
): Op<number> {
  return yield* gup_fast_fallback(mm, start, nr_pages, gup_flags | FOLL_GET);
}

/**
 * Pins pages of any process.
 * Linux: mm/gup.c pin_user_pages_remote (7.2), with its caller's hold on mmap_lock.
 */
export function* pin_user_pages_remote(
  mm: MmId,
  start: Vaddr,
  nr_pages: number,
  gup_flags: number,
): Op<number> {
  return yield* __get_user_pages_locked(mm, start, nr_pages, gup_flags | FOLL_PIN | FOLL_TOUCH | FOLL_REMOTE);
}
