import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { FIRST_INODE } from '../../state/inode.ts';
import { file } from '../../state/mm.ts';
import type { FileId, MmId, Vaddr, VmaId } from '../../state/numbers.ts';
import { dax_get_unmapped_area, dax_mmap } from '../drivers/dax/device.ts';
import { file_mmap } from '../fs/file_mmap.ts';
import { thp_get_unmapped_area } from '../mm/thp_unmapped_area.ts';
import { vma_mapping } from './fs.ts';

/*
 * What the owner of an open file does about it (struct file_operations, include/linux/fs.h); the kind of the file tells
 * whose functions they are.
 */

/** Accepts a new VMA, or refuses it: 0 or a negative errno. Linux: include/linux/fs.h vfs_mmap (7.2). */
export function* vfs_mmap(vma: VmaId): Op<number> {
  if ((yield* vma_mapping(vma)) < FIRST_INODE) return yield* dax_mmap(vma);
  return yield* file_mmap(vma);
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
  if ((yield* load(file.f_mapping, filp)) < FIRST_INODE) {
    return yield* dax_get_unmapped_area(mm, filp, hint, length, pgoff, flags);
  }
  return yield* thp_get_unmapped_area(mm, hint, length, pgoff, flags);
}
