import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div, min } from '../../../../machine/primitives/own.ts';
import { mas_find } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';
import { EINVAL, ENOMEM } from '../../include/errno.ts';
import {
  MADV_COLD,
  MADV_COLLAPSE,
  MADV_DONTNEED,
  MADV_DONTNEED_LOCKED,
  MADV_FREE,
  MADV_HWPOISON,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_REMOVE,
  MADV_SOFT_OFFLINE,
  MADV_WILLNEED,
} from '../../include/mman.ts';
import {
  mmap_read_lock,
  mmap_read_unlock,
  mmap_write_lock,
  mmap_write_unlock,
} from '../../include/mmap_lock.ts';
import { PAGE_ALIGN } from '../mmap/do_mmap.ts';
import { madvise_inject_error } from './inject_error.ts';
import { madvise_dontneed } from './madvise_dontneed.ts';
import { madvise_populate } from './madvise_populate.ts';
import { madvise_vma_behavior, madvise_vma_use } from './madvise_vma_behavior.ts';

/**
 * madvise(2): 0, a negative errno, or with MADV_HWPOISON the signal that the caller gets. Address and length in bytes, `behavior` is a MADV_ number.
 * Linux: mm/madvise.c do_madvise, is_valid_madvise (7.2). Left out: guard regions.
 */
export function* sys_madvise(
  mm: MmId,
  address_bytes: number,
  length_bytes: number,
  behavior: number,
): Op<number> {
  if (!madvise_behavior_valid(behavior)) return -EINVAL;
  if (address_bytes % PAGE_SIZE !== 0 || length_bytes < 0) return -EINVAL;
  const start = div(address_bytes, PAGE_SIZE);
  const end = start + PAGE_ALIGN(length_bytes);
  if (end === start) return 0;
  if (behavior === MADV_HWPOISON || behavior === MADV_SOFT_OFFLINE) {
    return yield* madvise_inject_error(mm, start, end, behavior);
  }
  if (behavior === MADV_DONTNEED || behavior === MADV_DONTNEED_LOCKED) {
    return yield* madvise_dontneed(mm, start, end);
  }
  if (behavior === MADV_POPULATE_READ || behavior === MADV_POPULATE_WRITE) {
    return yield* madvise_populate(mm, start, end, behavior);
  }
  if (madvise_only_reads(behavior)) {
    yield* mmap_read_lock(mm);
    const error = yield* madvise_walk_vmas(mm, start, end, behavior, 1);
    yield* mmap_read_unlock(mm);
    return error;
  }
  yield* mmap_write_lock(mm);
  const error = yield* madvise_walk_vmas(mm, start, end, behavior, 0);
  yield* mmap_write_unlock(mm);
  return error;
}

/** Linux: mm/madvise.c madvise_behavior_valid (7.2). The numbers have one gap, from 4 to 8. */
export function madvise_behavior_valid(behavior: number): boolean {
  return (
    (behavior >= MADV_NORMAL && behavior <= MADV_DONTNEED) ||
    (behavior >= MADV_FREE && behavior <= MADV_COLLAPSE) ||
    behavior === MADV_HWPOISON ||
    behavior === MADV_SOFT_OFFLINE
  );
}

/** Whether an advice leaves the VMAs as they are. Linux: mm/madvise.c get_lock_mode (7.2). */
export function madvise_only_reads(behavior: number): boolean {
  return (
    behavior === MADV_REMOVE ||
    behavior === MADV_WILLNEED ||
    behavior === MADV_COLD ||
    behavior === MADV_PAGEOUT ||
    behavior === MADV_COLLAPSE ||
    behavior === MADV_FREE
  );
}

/**
 * Gives the advice, which `reads` if it leaves the VMAs as they are, to each VMA of `[start, end)`; stops at the first error, but
 * goes on over holes, which make it -ENOMEM.
 * Linux: mm/madvise.c madvise_walk_vmas (7.2).
 */
export function* madvise_walk_vmas(
  mm: MmId,
  start: Vaddr,
  end: Vaddr,
  behavior: number,
  reads: number,
): Op<number> {
  let at = start;
  let unmapped_error = 0;
  while (at < end) {
    const vma = yield* mas_find(mm, at);
    if (vma === 0) return -ENOMEM;
    const vma_start = yield* load(vm_area_struct.vm_start, vma);
    if (at < vma_start) {
      unmapped_error = -ENOMEM;
      at = vma_start;
      if (at >= end) break;
    }
    const next = min(yield* load(vm_area_struct.vm_end, vma), end);
    const error = reads
      ? yield* madvise_vma_use(mm, vma, at, next, behavior)
      : yield* madvise_vma_behavior(vma, at, next, behavior);
    if (error !== 0) return error;
    at = next;
  }
  return unmapped_error;
}
