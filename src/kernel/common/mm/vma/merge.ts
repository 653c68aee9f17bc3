import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { mas_find, mas_prev } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { FileId, MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { vma_start_write } from '../../include/mmap_lock.ts';
import { VM_SOFTDIRTY } from '../../include/vm_flags.ts';
import { commit_merge } from './commit_merge.ts';

/*
 * Neighbouring VMAs that say the same become one. Linux describes a merge in a struct (vma_merge_struct); here its fields
 * are arguments. Private copies do not stand in the
 * way: only flags, file and offset have to agree, where Linux leaves VMAs apart whose copies come from different forks.
 */

/** Flags that do not stand in the way of a merge: what is merged has them if either part had. Linux: include/linux/mm.h VM_STICKY, VM_IGNORE_MERGE (7.2). */
export const VM_STICKY = VM_SOFTDIRTY;

/**
 * 1 if pages of `file` mapped with `flags` could belong to `vma`.
 * Linux: mm/vma.c is_mergeable_vma (7.2).
 */
export function* is_mergeable_vma(vma: VmaId, flags: number, file: FileId): Op<number> {
  if ((((yield* load(vm_area_struct.vm_flags, vma)) ^ flags) & ~VM_STICKY) !== 0) return 0;
  return (yield* load(vm_area_struct.vm_file, vma)) === file ? 1 : 0;
}

/**
 * 1 if a range from `start`, page `pgoff` of its file, could lengthen `prev` (0: none).
 * Linux: mm/vma.c can_vma_merge_left, can_vma_merge_after (7.2).
 */
export function* can_vma_merge_left(
  prev: VmaId,
  start: Vaddr,
  pgoff: number,
  flags: number,
  file: FileId,
): Op<number> {
  if (prev === 0 || (yield* load(vm_area_struct.vm_end, prev)) !== start) return 0;
  if (!(yield* is_mergeable_vma(prev, flags, file))) return 0;
  const prev_start = yield* load(vm_area_struct.vm_start, prev);
  return (yield* load(vm_area_struct.vm_pgoff, prev)) + start - prev_start === pgoff ? 1 : 0;
}

/**
 * 1 if a range up to `end`, which would be page `pgoff` of its file, could begin `next` (0: none).
 * Linux: mm/vma.c can_vma_merge_right, can_vma_merge_before (7.2).
 */
export function* can_vma_merge_right(
  next: VmaId,
  end: Vaddr,
  pgoff: number,
  flags: number,
  file: FileId,
): Op<number> {
  if (next === 0 || (yield* load(vm_area_struct.vm_start, next)) !== end) return 0;
  if (!(yield* is_mergeable_vma(next, flags, file))) return 0;
  return (yield* load(vm_area_struct.vm_pgoff, next)) === pgoff ? 1 : 0;
}

/**
 * Maps the free range `[start, end)` by lengthening a neighbour, or by joining both; the VMA that contains it then, or 0
 * if no neighbour fits.
 * Linux: mm/vma.c vma_merge_new_range, vma_expand (7.2).
 */
export function* vma_merge_new_range(
  mm: MmId,
  start: Vaddr,
  end: Vaddr,
  pgoff: number,
  flags: number,
  file: FileId,
): Op<VmaId> {
  const prev = yield* mas_prev(mm, start);
  const next = yield* mas_find(mm, start);
  const left = yield* can_vma_merge_left(prev, start, pgoff, flags, file);
  const right = yield* can_vma_merge_right(next, end, pgoff + end - start, flags, file);
  if (!left && !right) return 0;
  const target = left ? prev : next;
  yield* vma_start_write(target);
  const merged_start = left ? yield* load(vm_area_struct.vm_start, prev) : start;
  const merged_pgoff = left ? yield* load(vm_area_struct.vm_pgoff, prev) : pgoff;
  const merged_end = right ? yield* load(vm_area_struct.vm_end, next) : end;
  let sticky = flags & VM_STICKY;
  if (left && right) {
    yield* vma_start_write(next);
    sticky = sticky | ((yield* load(vm_area_struct.vm_flags, next)) & VM_STICKY);
  }
  yield* commit_merge(target, merged_start, merged_end, merged_pgoff, 0, left && right ? next : 0, 0);
  yield* vm_flags_set(target, sticky);
  return target;
}

/**
 * After `[start, end)` of `middle` was given `flags`: moves it to a neighbour that says the same, or joins both with it;
 * the VMA that contains it then, or 0 if no neighbour fits.
 * Linux: mm/vma.c vma_merge_existing_range (7.2).
 */
export function* vma_merge_existing_range(middle: VmaId, start: Vaddr, end: Vaddr, flags: number): Op<VmaId> {
  const mm = yield* load(vm_area_struct.vm_mm, middle);
  const file = yield* load(vm_area_struct.vm_file, middle);
  const middle_start = yield* load(vm_area_struct.vm_start, middle);
  const left_side = start === middle_start;
  const right_side = end === (yield* load(vm_area_struct.vm_end, middle));
  if (!left_side && !right_side) return 0;
  const pgoff = (yield* load(vm_area_struct.vm_pgoff, middle)) + start - middle_start;
  const prev = left_side ? yield* mas_prev(mm, start) : 0;
  const next = right_side ? yield* mas_find(mm, end) : 0;
  const left = yield* can_vma_merge_left(prev, start, pgoff, flags, file);
  const right = yield* can_vma_merge_right(next, end, pgoff + end - start, flags, file);
  if (!left && !right) return 0;
  const target = left ? prev : next;
  let sticky = flags & VM_STICKY;
  yield* vma_start_write(middle);
  yield* vma_start_write(target);
  if (left && right) {
    yield* vma_start_write(next);
    sticky = sticky | ((yield* load(vm_area_struct.vm_flags, next)) & VM_STICKY);
  }
  const merged_start = left ? yield* load(vm_area_struct.vm_start, prev) : start;
  const merged_pgoff = left ? yield* load(vm_area_struct.vm_pgoff, prev) : pgoff;
  const merged_end = right ? yield* load(vm_area_struct.vm_end, next) : end;
  const whole = left_side && right_side;
  yield* commit_merge(
    target,
    merged_start,
    merged_end,
    merged_pgoff,
    whole ? 0 : middle,
    whole ? middle : 0,
    left && right ? next : 0,
  );
  yield* vm_flags_set(target, sticky);
  return target;
}

/**
 * Sets flags of a VMA that the caller has write-locked.
 * Linux: include/linux/mm.h vm_flags_set (7.2).
 */
export function* vm_flags_set(vma: VmaId, flags: number): Op {
  yield* store(vm_area_struct.vm_flags, vma, (yield* load(vm_area_struct.vm_flags, vma)) | flags);
}
