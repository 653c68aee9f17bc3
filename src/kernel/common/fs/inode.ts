import type { Op } from '../../../machine/primitive.ts';
import { atomic_or, load } from '../../../machine/primitives/access.ts';
import { dev_dax } from '../../state/dax.ts';
import { I_DIRTY_DATASYNC, inode } from '../../state/inode.ts';
import { zero_pages } from '../../state/medium.ts';
import type { InodeId, Pfn } from '../../state/numbers.ts';
import { inode_device } from './super.ts';

/**
 * Notes that what is known of a file is not durable.
 * Linux: fs/fs-writeback.c __mark_inode_dirty (7.2), for I_DIRTY_DATASYNC.
 */
export function* mark_inode_dirty(file: InodeId): Op {
  yield* atomic_or(inode.i_state, file, I_DIRTY_DATASYNC);
}

/** The frame of a page of a file's device. Linux: fs/dax.c dax_iomap_direct_access (7.2), its arithmetic. */
export function* block_pfn(file: InodeId, block: number): Op<Pfn> {
  return (yield* load(dev_dax.start_pfn, yield* inode_device(file))) + block;
}

/**
 * Zeroes blocks of a file's device, on the medium.
 * Linux: fs/ext4/inode.c ext4_issue_zeroout (7.2); fs/xfs/xfs_bmap_util.c xfs_zero_extent (7.2); block/blk-lib.c
 * blkdev_issue_zeroout (7.2).
 */
export function* issue_zeroout(file: InodeId, block: number, nr: number): Op {
  yield* zero_pages(yield* block_pfn(file, block), nr);
}
