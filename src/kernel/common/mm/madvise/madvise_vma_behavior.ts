import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { EINVAL } from '../../include/errno.ts';
import {
  MADV_COLD,
  MADV_DONTNEED,
  MADV_PAGEOUT,
  MADV_REMOVE,
  MADV_WILLNEED,
  MADV_WIPEONFORK,
} from '../../include/mman.ts';
import { vma_start_write } from '../../include/mmap_lock.ts';
import { VM_STICKY } from '../vma/merge.ts';
import { vma_modify_flags } from '../vma/modify.ts';
import { madvise_cold } from './madvise_cold.ts';
import { madvise_dontneed_single_vma } from './madvise_dontneed.ts';
import { madvise_flags } from './madvise_flags.ts';
import { madvise_remove } from './madvise_remove.ts';

/**
 * What an advice does to `[start, end)` of one VMA that leaves the VMA as it is: 0 or a negative errno. A device has no memory
 * that could be reclaimed or merged into huge pages.
 * Linux: mm/madvise.c madvise_vma_behavior (7.2), its advices of MADVISE_MMAP_READ_LOCK.
 */
export function* madvise_vma_use(
  mm: MmId,
  vma: VmaId,
  start: Vaddr,
  end: Vaddr,
  behavior: number,
): Op<number> {
  if (behavior === MADV_DONTNEED) {
    yield* madvise_dontneed_single_vma(vma, start, end);
    return 0;
  }
  if (behavior === MADV_WILLNEED) return 0;
  if (behavior === MADV_COLD || behavior === MADV_PAGEOUT) {
    yield* madvise_cold(mm, start, end, behavior);
    return 0;
  }
  return behavior === MADV_REMOVE ? yield* madvise_remove(mm, vma, start, end) : -EINVAL;
}

/**
 * What an advice does to `[start, end)` of one VMA that changes the VMA: 0 or a negative errno. A device has no memory that
 * could be wiped.
 * Linux: mm/madvise.c madvise_vma_behavior (7.2), its advices of MADVISE_MMAP_WRITE_LOCK.
 */
export function* madvise_vma_behavior(vma: VmaId, start: Vaddr, end: Vaddr, behavior: number): Op<number> {
  if (behavior === MADV_WIPEONFORK) return -EINVAL;
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  return yield* madvise_update_vma(vma, start, end, madvise_flags(flags, behavior));
}

/**
 * Gives `[start, end)` of a VMA other flags, as a VMA of its own or merged with a neighbour.
 * Linux: mm/madvise.c madvise_update_vma (7.2).
 */
export function* madvise_update_vma(vma: VmaId, start: Vaddr, end: Vaddr, newflags: number): Op<number> {
  if ((yield* load(vm_area_struct.vm_flags, vma)) === newflags) return 0;
  const modified = yield* vma_modify_flags(vma, start, end, newflags);
  if (modified < 0) return modified;
  yield* vma_start_write(modified);
  const sticky = (yield* load(vm_area_struct.vm_flags, modified)) & VM_STICKY;
  yield* store(vm_area_struct.vm_flags, modified, newflags | sticky);
  return 0;
}
