import { dax_break_layout_final } from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import { address_space, FILE_PAGES } from '../../state/address_space.ts';
import { inode_free, inode_put } from '../../state/inode_table.ts';
import type { InodeId } from '../../state/numbers.ts';
import { truncate_inode_pages } from '../mm/truncate.ts';
import { xas_lock_irq, xas_unlock_irq } from './dax/entry_lock.ts';
import { free_blocks } from './file_blocks.ts';

/**
 * Drops a reference of an inode. The last one of a file without a name takes the file away.
 * Linux: fs/inode.c iput, iput_final (7.2). Inodes of files that have a name stay in memory.
 */
export function* iput(file: InodeId): Op {
  if (yield* inode_put(file)) yield* evict(file);
}

/**
 * Takes away a file that nobody can find any more, with its pages and blocks.
 * Linux: fs/inode.c evict (7.2); fs/ext4/inode.c ext4_evict_inode (7.2); fs/xfs/xfs_super.c xfs_fs_evict_inode (7.2).
 */
export function* evict(file: InodeId): Op {
  yield* evict_pages(file);
  yield* clear_inode(file);
  yield* free_blocks(file, 0, FILE_PAGES);
  yield* inode_free(file);
}

/**
 * Takes the pages of a file away that is on its way out, as soon as nobody has them for I/O any more; up to 6.14, at once.
 * Linux: fs/ext4/inode.c ext4_evict_inode, fs/xfs/xfs_super.c xfs_fs_evict_inode (7.2), their first part.
 */
export function* evict_pages(file: InodeId): Op {
  yield* dax_break_layout_final(file);
  yield* truncate_inode_pages_final(file);
}

/**
 * Takes the last entries of a file away.
 * Linux: mm/truncate.c truncate_inode_pages_final (7.2).
 */
export function* truncate_inode_pages_final(file: InodeId): Op {
  yield* truncate_inode_pages(file, 0);
}

/**
 * Makes sure that no page of a file is left that is on its way out. One that is still counted is a BUG.
 * Linux: fs/inode.c clear_inode (7.2). Left out: its other checks; that the process ends here, and keeps the inode.
 */
export function* clear_inode(file: InodeId): Op {
  yield* xas_lock_irq(file);
  const nrpages = yield* load(address_space.nrpages, file);
  yield* xas_unlock_irq(file);
  WARN_ON_ONCE(nrpages !== 0, 'clear_inode: kernel BUG, the file still counts pages');
}
