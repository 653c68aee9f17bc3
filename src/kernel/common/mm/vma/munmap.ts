import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { mas_find_detached, vm_area_free } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { fput } from '../../fs/file.ts';
import {
  mmap_read_unlock,
  mmap_write_downgrade,
  mmap_write_unlock,
  vma_start_write,
} from '../../include/mmap_lock.ts';
import { vma_find } from './find.ts';
import { __split_vma } from './split.ts';
import { unmap_region } from './unmap_region.ts';

/**
 * Takes all VMAs of `[start, end)` out of the tree, splitting the first and the last where they reach over; `first` is
 * the first that overlaps. 0, or the errno of a refused split, with all VMAs back in place.
 * Linux: mm/vma.c vms_gather_munmap_vmas (7.2).
 */
export function* vms_gather_munmap_vmas(mm: MmId, first: VmaId, start: Vaddr, end: Vaddr): Op<number> {
  if ((yield* load(vm_area_struct.vm_start, first)) < start) {
    const error = yield* __split_vma(first, start, 1);
    if (error !== 0) return error;
  }
  let next = first;
  while (next !== 0) {
    if ((yield* load(vm_area_struct.vm_end, next)) > end) {
      const error = yield* __split_vma(next, end, 0);
      if (error !== 0) {
        yield* reattach_vmas(mm);
        return error;
      }
    }
    yield* vma_start_write(next);
    yield* store(vm_area_struct.attached, next, 0);
    next = yield* vma_find(mm, start, end);
  }
  return 0;
}

/**
 * Undoes vms_gather_munmap_vmas, but for its splits.
 * Linux: mm/vma.c reattach_vmas (7.2).
 */
export function* reattach_vmas(mm: MmId): Op {
  let vma = yield* mas_find_detached(mm, 0);
  while (vma !== 0) {
    yield* store(vm_area_struct.attached, vma, 1);
    vma = yield* mas_find_detached(mm, 0);
  }
}

/**
 * Frees the VMAs that were unmapped.
 * Linux: mm/vma.c vms_complete_munmap_vmas (7.2), its end; remove_vma (7.2).
 */
export function* remove_vmas(mm: MmId): Op {
  let vma = yield* mas_find_detached(mm, 0);
  while (vma !== 0) {
    yield* fput(yield* load(vm_area_struct.vm_file, vma));
    yield* vm_area_free(vma);
    vma = yield* mas_find_detached(mm, 0);
  }
}

/**
 * Unmaps `[start, end)`, with the address space held for writing throughout. 0, or -EINVAL from the driver.
 * Linux: mm/vma.c do_vmi_align_munmap with unlock = false (7.2).
 */
export function* do_munmap(mm: MmId, start: Vaddr, end: Vaddr): Op<number> {
  const first = yield* vma_find(mm, start, end);
  if (first === 0) return 0;
  const error = yield* vms_gather_munmap_vmas(mm, first, start, end);
  if (error !== 0) return error;
  yield* unmap_region(mm, start, end);
  yield* remove_vmas(mm);
  return 0;
}

/**
 * Unmaps `[start, end)` and releases the address space, which the caller holds for writing: once the VMAs are out of
 * the tree, faults elsewhere may go on. 0, or -EINVAL from the driver.
 * Linux: mm/vma.c do_vmi_align_munmap with unlock = true, vms_complete_munmap_vmas (7.2).
 */
export function* do_munmap_and_unlock(mm: MmId, start: Vaddr, end: Vaddr): Op<number> {
  const first = yield* vma_find(mm, start, end);
  if (first === 0) {
    yield* mmap_write_unlock(mm);
    return 0;
  }
  const error = yield* vms_gather_munmap_vmas(mm, first, start, end);
  if (error !== 0) {
    yield* mmap_write_unlock(mm);
    return error;
  }
  yield* mmap_write_downgrade(mm);
  yield* unmap_region(mm, start, end);
  yield* remove_vmas(mm);
  yield* mmap_read_unlock(mm);
  return 0;
}
