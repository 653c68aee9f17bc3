import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { mas_find } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';

/**
 * The first VMA that overlaps `[start, end)`, or 0.
 * Linux: include/linux/mm.h vma_find (7.2); mm/mmap.c find_vma_intersection (7.2).
 */
export function* vma_find(mm: MmId, start: Vaddr, end: Vaddr): Op<VmaId> {
  const vma = yield* mas_find(mm, start);
  if (vma === 0) return 0;
  return (yield* load(vm_area_struct.vm_start, vma)) < end ? vma : 0;
}
