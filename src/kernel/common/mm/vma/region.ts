import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { vm_area_alloc, vm_area_free, vma_set_range } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { FileId, MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { get_file } from '../../fs/file.ts';
import { vfs_mmap } from '../../include/file_operations.ts';
import { vma_start_write } from '../../include/mmap_lock.ts';
import { VM_LOCKED, VM_LOCKONFAULT, VM_SOFTDIRTY } from '../../include/vm_flags.ts';
import { vma_link_file } from './link.ts';
import { vma_merge_new_range } from './merge.ts';
import { do_munmap } from './munmap.ts';

/**
 * Puts a mapping of `[start, end)` in place of what is mapped there; 0 or a negative errno. If the driver refuses the
 * mapping, what was there before is gone all the same.
 * Linux: mm/vma.c mmap_region, __mmap_region, __mmap_setup (7.2), which hold the old VMAs until the new one stands. Left
 * out: accounting. Up to 6.14 the driver was asked later, when the mapping had been merged with its neighbours.
 */
export function* mmap_region(
  mm: MmId,
  filp: FileId,
  start: Vaddr,
  end: Vaddr,
  vm_flags: number,
  pgoff: number,
): Op<number> {
  const refused = yield* do_munmap(mm, start, end);
  if (refused !== 0) return refused;
  const vma = yield* vm_area_alloc(mm);
  yield* vma_set_range(vma, start, end, pgoff);
  yield* store(vm_area_struct.vm_flags, vma, vm_flags);
  yield* store(vm_area_struct.vm_file, vma, filp);
  const error = yield* vfs_mmap(vma);
  if (error !== 0) {
    yield* vm_area_free(vma);
    return error;
  }
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  const merged = yield* vma_merge_new_range(mm, start, end, pgoff, flags, filp);
  if (merged !== 0) {
    yield* vm_area_free(vma);
    yield* __mmap_complete(merged);
    return 0;
  }
  yield* get_file(filp);
  yield* vma_start_write(vma);
  yield* store(vm_area_struct.attached, vma, 1);
  yield* vma_link_file(vma);
  yield* __mmap_complete(vma);
  return 0;
}

/**
 * Flags that every new mapping of a device has: never locked, as its pages cannot be reclaimed anyway, and soft-dirty.
 * Linux: mm/vma.c __mmap_complete (7.2). Left out: statistics.
 */
export function* __mmap_complete(vma: VmaId): Op {
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  yield* store(vm_area_struct.vm_flags, vma, (flags & ~(VM_LOCKED | VM_LOCKONFAULT)) | VM_SOFTDIRTY);
}
