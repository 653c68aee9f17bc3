import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Vaddr, VmaId } from '../../../state/numbers.ts';
import { vma_merge_existing_range } from './merge.ts';
import { __split_vma } from './split.ts';

/**
 * Makes `[start, end)` of `vma` a VMA that may be given `flags`: by merging it with a neighbour that has them, else by
 * splitting it off. The VMA that contains the range then, or a negative errno.
 * Linux: mm/vma.c vma_modify_flags, vma_modify (7.2).
 */
export function* vma_modify_flags(vma: VmaId, start: Vaddr, end: Vaddr, flags: number): Op<number> {
  const merged = yield* vma_merge_existing_range(vma, start, end, flags);
  if (merged !== 0) return merged;
  if ((yield* load(vm_area_struct.vm_start, vma)) < start) {
    const error = yield* __split_vma(vma, start, 1);
    if (error !== 0) return error;
  }
  if ((yield* load(vm_area_struct.vm_end, vma)) > end) {
    const error = yield* __split_vma(vma, end, 0);
    if (error !== 0) return error;
  }
  return vma;
}
