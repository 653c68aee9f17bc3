import type { Op } from '../../../machine/primitive.ts';
import type { FileId, MmId, Vaddr, VmaId } from '../../state/numbers.ts';
import { dax_get_unmapped_area, dax_mmap } from '../drivers/dax/device.ts';

/*
 * What the owner of an open file does about it (struct file_operations, include/linux/fs.h); the kind of the file tells
 * whose functions they are.
 */

/** Accepts a new VMA, or refuses it: 0 or a negative errno. Linux: include/linux/fs.h vfs_mmap (7.2). */
export function* vfs_mmap(vma: VmaId): Op<number> {
  return yield* dax_mmap(vma);
}

/** Where to map: an address, or -ENOMEM. Linux: include/linux/fs.h file_operations (7.2), its get_unmapped_area. */
export function* f_op_get_unmapped_area(
  mm: MmId,
  filp: FileId,
  hint: Vaddr,
  length: number,
  pgoff: number,
  flags: number,
): Op<number> {
  return yield* dax_get_unmapped_area(mm, filp, hint, length, pgoff, flags);
}
