import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { VmaId } from '../../state/numbers.ts';
import { vma_mapping } from '../include/fs.ts';
import { VM_HUGEPAGE, VM_WRITENOTIFY } from '../include/vm_flags.ts';
import { inode_status } from './namei.ts';

/**
 * The file system's part of mmap: accepts a new VMA, which then may have huge entries and notifies of writes; -EIO if its device went away.
 * Linux: fs/ext4/file.c ext4_file_mmap_prepare (7.2), ext4_file_mmap (6.12); fs/xfs/xfs_file.c xfs_file_mmap_prepare (7.2),
 * xfs_file_mmap (6.12). Every pmem device can do MAP_SYNC.
 */
export function* file_mmap(vma: VmaId): Op<number> {
  const status = yield* inode_status(yield* vma_mapping(vma));
  if (status) return status;
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  yield* store(vm_area_struct.vm_flags, vma, flags | VM_HUGEPAGE | VM_WRITENOTIFY);
  return 0;
}
