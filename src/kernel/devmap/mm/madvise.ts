import type { Op } from '../../../machine/primitive.ts';
import { MADV_DONTNEED } from '../../common/include/mman.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../common/include/mmap_lock.ts';
import { madvise_walk_vmas } from '../../common/mm/madvise/sys_madvise.ts';
import { zap_page_range_single } from '../../common/mm/memory.ts';
import type { MmId, Vaddr, VmaId } from '../../state/numbers.ts';

/**
 * MADV_DONTNEED: gives up what is mapped in `[start, end)`, with the address space held for reading.
 * Linux: mm/madvise.c do_madvise, madvise_walk_vmas (6.12), for this advice.
 */
export function* madvise_dontneed(mm: MmId, start: Vaddr, end: Vaddr): Op<number> {
  yield* mmap_read_lock(mm);
  const error = yield* madvise_walk_vmas(mm, start, end, MADV_DONTNEED);
  yield* mmap_read_unlock(mm);
  return error;
}

/**
 * Gives up what is mapped in `[start, end)` of one VMA, with an mmu_gather of its own.
 * Linux: mm/madvise.c madvise_dontneed_single_vma (6.12).
 */
export function* madvise_dontneed_single_vma(vma: VmaId, start: Vaddr, end: Vaddr): Op {
  yield* zap_page_range_single(vma, start, end);
}
