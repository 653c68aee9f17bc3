import type { Op } from '../../../../machine/primitive.ts';
import type { Vaddr, VmaId } from '../../../state/numbers.ts';
import { vma_mapping } from '../../include/fs.ts';
import { PUD_ORDER, VM_FAULT_NEEDDSYNC } from '../../include/vm_fault.ts';
import { filemap_invalidate_lock_shared, filemap_invalidate_unlock_shared } from '../inode_lock.ts';
import { dax_iomap_fault } from './fault.ts';
import { dax_finish_sync_fault } from './sync_fault.ts';

/**
 * A fault in a file's mapping, or its first write to a page: VM_FAULT_ flags. Nobody takes pages of the file away meanwhile.
 * No entry of a file is larger than 2 MiB.
 * ext4 and xfs do the same, but that xfs takes invalidate_lock by the name of MMAPLOCK.
 * Linux: fs/ext4/file.c ext4_dax_huge_fault (7.2); fs/xfs/xfs_file.c xfs_dax_fault_locked, xfs_dax_read_fault,
 * xfs_write_fault, xfs_filemap_pfn_mkwrite (7.2). Left out: freezing, times of the file, the transaction, trying again
 * where the device is full; a write while a reflink of the file goes on, which takes the lock for writing on xfs.
 */
export function* dax_file_fault(vma: VmaId, address: Vaddr, order: number, flags: number): Op<number> {
  const mapping = yield* vma_mapping(vma);
  yield* filemap_invalidate_lock_shared(mapping);
  let fault = yield* dax_iomap_fault(vma, address, order, flags);
  if (order !== PUD_ORDER && fault & VM_FAULT_NEEDDSYNC)
    fault = yield* dax_finish_sync_fault(vma, address, order);
  yield* filemap_invalidate_unlock_shared(mapping);
  return fault;
}
