import type { Op } from '../../../../../machine/primitive.ts';
import { unmapped_area_topdown } from '../../../../state/maple_tree.ts';
import type { MmId, Vaddr } from '../../../../state/numbers.ts';
import { ENOMEM } from '../../../include/errno.ts';
import { MAP_FIXED, MMAP_BASE, TASK_SIZE } from '../../../include/mman.ts';
import { vma_find } from '../../../mm/vma/find.ts';

/**
 * Where `length` pages are to be mapped, whatever the file: below what is mapped already, from the top of the address space downwards.
 * Linux: arch/x86/kernel/sys_x86_64.c arch_get_unmapped_area_topdown (7.2). Left out: the second search, upwards, when
 * the first finds nothing; guard gaps of stacks; random addresses.
 */
export function* mm_get_unmapped_area(mm: MmId, hint: Vaddr, length: number, flags: number): Op<number> {
  if (length > TASK_SIZE) return -ENOMEM;
  if (flags & MAP_FIXED) return hint;
  if (hint !== 0 && hint <= TASK_SIZE - length && !(yield* vma_find(mm, hint, hint + length))) return hint;
  const address = yield* unmapped_area_topdown(mm, length, MMAP_BASE);
  return address < 0 ? -ENOMEM : address;
}
