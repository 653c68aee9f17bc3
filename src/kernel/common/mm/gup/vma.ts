import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { FIRST_INODE } from '../../../state/inode.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { VmaId } from '../../../state/numbers.ts';
import { EFAULT, EOPNOTSUPP } from '../../include/errno.ts';
import { vma_mapping } from '../../include/fs.ts';
import { FOLL_FORCE, FOLL_LONGTERM, FOLL_WRITE } from '../../include/gup_flags.ts';
import { VM_MAYREAD, VM_MAYWRITE, VM_READ, VM_SHARED, VM_WRITE } from '../../include/vm_flags.ts';

/** Whether a write makes a copy. Linux: include/linux/mm.h is_cow_mapping (7.2). */
export function is_cow_mapping(vm_flags: number): boolean {
  return (vm_flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;
}

/**
 * Whether a VMA maps a file on a DAX file system.
 * Linux: include/linux/fs.h vma_is_fsdax (7.2).
 */
export function* vma_is_fsdax(vma: VmaId): Op<number> {
  return (yield* vma_mapping(vma)) >= FIRST_INODE ? 1 : 0;
}

/**
 * Whether GUP may take pages of a VMA: 0, -EFAULT, or -EOPNOTSUPP for a lasting pin of a file's pages.
 * Linux: mm/gup.c check_vma_flags (7.2). Left out: special mappings, secretmem, dirty tracking of files.
 */
export function* check_vma_flags(vma: VmaId, gup_flags: number): Op<number> {
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  if (gup_flags & FOLL_LONGTERM && (yield* vma_is_fsdax(vma))) return -EOPNOTSUPP;
  if (gup_flags & FOLL_WRITE) {
    if (vm_flags & VM_WRITE) return 0;
    return gup_flags & FOLL_FORCE && is_cow_mapping(vm_flags) ? 0 : -EFAULT;
  }
  if (vm_flags & VM_READ) return 0;
  return gup_flags & FOLL_FORCE && vm_flags & VM_MAYREAD ? 0 : -EFAULT;
}
