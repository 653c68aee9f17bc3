import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, max, min } from '../../../machine/primitives/own.ts';
import { mas_find } from '../../state/maple_tree.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../state/numbers.ts';
import { linear_page_index } from '../drivers/dax/device.ts';
import { fput, get_file, is_file } from '../fs/file.ts';
import { fsync_promised } from '../fs/sync.ts';
import { EINVAL, ENOMEM } from '../include/errno.ts';
import { vma_mapping } from '../include/fs.ts';
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
 * Writes the VMAs of `[start, end)` back; -ENOMEM if there are holes between them. MS_SYNC ends with the first error: a
 * device-DAX file has no fsync, so that there it is -EINVAL at the first mapping that it could have written through.
 * Linux: mm/msync.c msync (7.2), which does not lock the address space again behind the last VMA.
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
    const next = yield* load(vm_area_struct.vm_end, vma);
    if (flags & MS_SYNC && (yield* load(vm_area_struct.vm_flags, vma)) & VM_SHARED) {
      const error = yield* msync_vma(mm, vma, max(at, vma_start), min(next, end));
      if (error) return error;
    }
    at = next;
  }
  return unmapped_error;
}

/**
 * Writes back what `[start, end)` of a VMA maps: 0 or a negative errno. The address space is unlocked meanwhile, but for the
 * device that refuses anyway.
 * Linux: mm/msync.c msync (7.2), its call of vfs_fsync_range.
 */
export function* msync_vma(mm: MmId, vma: VmaId, start: Vaddr, end: Vaddr): Op<number> {
  const mapping = yield* vma_mapping(vma);
  if (!is_file(mapping)) return -EINVAL;
  const first = yield* linear_page_index(vma, start);
  const filp = yield* load(vm_area_struct.vm_file, vma);
  yield* get_file(filp);
  yield* mmap_read_unlock(mm);
  const error = yield* fsync_promised(mapping, first, first + end - start - 1);
  yield* fput(filp);
  yield* mmap_read_lock(mm);
  return error;
}
