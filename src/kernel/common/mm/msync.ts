import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import { mas_find } from '../../state/maple_tree.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { MmId, Vaddr } from '../../state/numbers.ts';
import { EINVAL, ENOMEM } from '../include/errno.ts';
import { MS_ASYNC, MS_INVALIDATE, MS_SYNC } from '../include/mman.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/mmap_lock.ts';
import { VM_SHARED } from '../include/vm_flags.ts';
import { PAGE_ALIGN } from './mmap/do_mmap.ts';

/**
 * msync(2): 0 or a negative errno. Address and length in bytes, `flags` of MS_ flags.
 * Linux: mm/msync.c msync (7.2).
 */
export function* sys_msync(mm: MmId, address_bytes: number, length_bytes: number, flags: number): Op<number> {
  if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) return -EINVAL;
  if (address_bytes % PAGE_SIZE !== 0) return -EINVAL;
  if ((flags & (MS_ASYNC | MS_SYNC)) === (MS_ASYNC | MS_SYNC)) return -EINVAL;
  if (length_bytes < 0) return -ENOMEM;
  if (length_bytes === 0) return 0;
  const start = div(address_bytes, PAGE_SIZE);
  yield* mmap_read_lock(mm);
  const error = yield* msync_range(mm, start, start + PAGE_ALIGN(length_bytes), flags);
  yield* mmap_read_unlock(mm);
  return error;
}

/**
 * Writes the VMAs of `[start, end)` back; -ENOMEM if there are holes between them. A device-DAX file has no fsync, so that
 * MS_SYNC ends with -EINVAL at the first mapping that it could have written through.
 * Linux: mm/msync.c msync (7.2); fs/sync.c vfs_fsync_range (7.2).
 */
export function* msync_range(mm: MmId, start: Vaddr, end: Vaddr, flags: number): Op<number> {
  let at = start;
  let unmapped_error = 0;
  while (at < end) {
    const vma = yield* mas_find(mm, at);
    if (vma === 0) return -ENOMEM;
    const vma_start = yield* load(vm_area_struct.vm_start, vma);
    if (at < vma_start) {
      if (flags === MS_ASYNC || vma_start >= end) return -ENOMEM;
      unmapped_error = -ENOMEM;
    }
    if (flags & MS_SYNC && (yield* load(vm_area_struct.vm_flags, vma)) & VM_SHARED) return -EINVAL;
    at = yield* load(vm_area_struct.vm_end, vma);
  }
  return unmapped_error;
}
