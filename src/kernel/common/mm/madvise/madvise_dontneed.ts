import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { MADV_DONTNEED } from '../../include/mman.ts';
import { mmap_read_lock, mmap_read_unlock, vma_end_read } from '../../include/mmap_lock.ts';
import { unmap_single_vma } from '../memory.ts';
import { lock_vma_under_rcu } from '../mmap_lock.ts';
import { tlb_finish_mmu, tlb_gather_mmu } from '../mmu_gather.ts';
import { madvise_walk_vmas } from './sys_madvise.ts';

/**
 * MADV_DONTNEED: gives up what is mapped in `[start, end)`, under the lock of the VMA alone if the range lies in one. All
 * VMAs share one mmu_gather, which is flushed after the VMA's lock is gone, but before that of the address space.
 * Linux: mm/madvise.c do_madvise, madvise_walk_vmas (7.2), for this advice. 6.12 takes the address space's lock in any
 * case, and has an mmu_gather for each VMA; neither came with the change of scheme.
 */
export function* madvise_dontneed(mm: MmId, start: Vaddr, end: Vaddr): Op<number> {
  yield* tlb_gather_mmu(mm);
  const vma = yield* try_vma_read_lock(mm, start, end);
  if (vma !== 0) {
    yield* madvise_dontneed_single_vma(vma, start, end);
    yield* vma_end_read(vma);
    yield* tlb_finish_mmu();
    return 0;
  }
  yield* mmap_read_lock(mm);
  const error = yield* madvise_walk_vmas(mm, start, end, MADV_DONTNEED, 1);
  yield* tlb_finish_mmu();
  yield* mmap_read_unlock(mm);
  return error;
}

/**
 * The VMA of `start`, locked, if all of `[start, end)` lies in it; else 0, and nothing locked.
 * Linux: mm/madvise.c try_vma_read_lock, is_vma_lock_sufficient (7.2). Left out: taking mmap_lock instead, which is the
 * caller's.
 */
export function* try_vma_read_lock(mm: MmId, start: Vaddr, end: Vaddr): Op<VmaId> {
  const vma = yield* lock_vma_under_rcu(mm, start);
  if (vma === 0 || end <= (yield* load(vm_area_struct.vm_end, vma))) return vma;
  yield* vma_end_read(vma);
  return 0;
}

/**
 * Gives up what is mapped in `[start, end)` of one VMA, within the mmu_gather of the whole call.
 * Linux: mm/madvise.c madvise_dontneed_single_vma (7.2); mm/memory.c zap_page_range_single_batched (7.2).
 */
export function* madvise_dontneed_single_vma(vma: VmaId, start: Vaddr, end: Vaddr): Op {
  yield* unmap_single_vma(vma, start, end);
}
