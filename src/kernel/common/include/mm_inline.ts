import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { VmaId } from '../../state/numbers.ts';
import { VM_RAND_READ, VM_SEQ_READ } from './vm_flags.ts';

/**
 * 1 if accesses through a VMA say that a page is worth keeping.
 * Linux: include/linux/mm_inline.h vma_has_recency (7.2). Left out: files opened for use without reuse.
 */
export function* vma_has_recency(vma: VmaId): Op<number> {
  return ((yield* load(vm_area_struct.vm_flags, vma)) & (VM_SEQ_READ | VM_RAND_READ)) === 0 ? 1 : 0;
}
