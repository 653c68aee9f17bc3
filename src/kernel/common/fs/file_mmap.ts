import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { FS_EXT4 } from '../../state/inode.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { VmaId } from '../../state/numbers.ts';
import { EIO } from '../include/errno.ts';
import { vma_mapping } from '../include/fs.ts';
import { VM_HUGEPAGE, VM_WRITENOTIFY } from '../include/vm_flags.ts';
import { inode_file_system, is_shutdown } from './super.ts';

/**
 * The file system's part of mmap: accepts a new VMA, which then may have huge entries and notifies of writes. -EIO from an ext4
 * whose device went away; xfs does not ask.
 * Linux: fs/ext4/file.c ext4_file_mmap_prepare (7.2), ext4_file_mmap (6.12); fs/xfs/xfs_file.c xfs_file_mmap_prepare (7.2),
 * xfs_file_mmap (6.12). Every pmem device can do MAP_SYNC.
 */
export function* file_mmap(vma: VmaId): Op<number> {
  const mapping = yield* vma_mapping(vma);
  if ((yield* inode_file_system(mapping)) === FS_EXT4 && (yield* is_shutdown(mapping))) return -EIO;
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  yield* store(vm_area_struct.vm_flags, vma, flags | VM_HUGEPAGE | VM_WRITENOTIFY);
  return 0;
}
