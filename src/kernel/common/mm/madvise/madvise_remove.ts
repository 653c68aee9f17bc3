import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { linear_page_index } from '../../drivers/dax/device.ts';
import { vfs_fallocate } from '../../fs/fallocate.ts';
import { fput, get_file } from '../../fs/file.ts';
import { EACCES, EINVAL } from '../../include/errno.ts';
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE } from '../../include/fcntl.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/mmap_lock.ts';
import { VM_LOCKED, VM_MAYWRITE, VM_SHARED } from '../../include/vm_flags.ts';

/**
 * Punches what `[start, end)` of a VMA maps out of its file: 0 or a negative errno. The address space is unlocked meanwhile.
 * Linux: mm/madvise.c madvise_remove (7.2). Left out: userfaultfd.
 */
export function* madvise_remove(mm: MmId, vma: VmaId, start: Vaddr, end: Vaddr): Op<number> {
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  if (flags & VM_LOCKED) return -EINVAL;
  if ((flags & (VM_SHARED | VM_MAYWRITE)) !== (VM_SHARED | VM_MAYWRITE)) return -EACCES;
  const offset = (yield* linear_page_index(vma, start)) * PAGE_SIZE;
  const filp = yield* load(vm_area_struct.vm_file, vma);
  yield* get_file(filp);
  yield* mmap_read_unlock(mm);
  const mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  const error = yield* vfs_fallocate(filp, mode, offset, (end - start) * PAGE_SIZE);
  yield* fput(filp);
  yield* mmap_read_lock(mm);
  return error;
}
