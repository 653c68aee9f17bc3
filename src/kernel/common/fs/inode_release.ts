import type { Op } from '../../../machine/primitive.ts';
import { store } from '../../../machine/primitives/access.ts';
import { FILE_PAGES } from '../../state/address_space.ts';
import { extent_remove, extent_remove_cow } from '../../state/extent_map.ts';
import { inode } from '../../state/inode.ts';
import { inode_free, inode_put } from '../../state/inode_table.ts';
import type { InodeId } from '../../state/numbers.ts';
import { i_data_down_write, i_data_up_write } from './inode_lock.ts';

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
  yield* evict_blocks(file);
  yield* inode_free(file);
}

/**
 * Takes the pages of a file away that is on its way out.
 */
export function* evict_pages(file: InodeId): Op {
  yield* store(inode.i_size, file, 0);
}

/**
 * Frees the blocks of a file that is on its way out.
 * Linux: fs/ext4/inode.c ext4_truncate (7.2); fs/xfs/xfs_inode.c xfs_inactive_truncate (7.2).
 */
export function* evict_blocks(file: InodeId): Op {
  yield* i_data_down_write(file);
  yield* extent_remove(file, 0, FILE_PAGES);
  yield* extent_remove_cow(file, 0, FILE_PAGES);
  yield* i_data_up_write(file);
}
