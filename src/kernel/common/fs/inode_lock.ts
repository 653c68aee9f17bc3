import type { Op } from '../../../machine/primitive.ts';
import { down_read, down_write, up_read, up_write } from '../../../machine/primitives/locks.ts';
import { address_space } from '../../state/address_space.ts';
import { inode } from '../../state/inode.ts';
import type { InodeId } from '../../state/numbers.ts';

/*
 * The locks of a file, in the order in which they nest: i_rwsem, invalidate_lock, and what guards its extents.
 */

/** Keeps out all other writers and whoever changes the size. Linux: include/linux/fs.h inode_lock (7.2). */
export function* inode_lock(file: InodeId): Op {
  yield* down_write(inode.i_rwsem, file);
}

/** Linux: include/linux/fs.h inode_unlock (7.2). */
export function* inode_unlock(file: InodeId): Op {
  yield* up_write(inode.i_rwsem, file);
}

/** Keeps out writers. Linux: include/linux/fs.h inode_lock_shared (7.2). */
export function* inode_lock_shared(file: InodeId): Op {
  yield* down_read(inode.i_rwsem, file);
}

/** Linux: include/linux/fs.h inode_unlock_shared (7.2). */
export function* inode_unlock_shared(file: InodeId): Op {
  yield* up_read(inode.i_rwsem, file);
}

/**
 * Keeps out faults. xfs takes it by the name of MMAPLOCK.
 * Linux: include/linux/fs.h filemap_invalidate_lock (7.2); fs/xfs/xfs_inode.c xfs_ilock (7.2).
 */
export function* filemap_invalidate_lock(file: InodeId): Op {
  yield* down_write(address_space.invalidate_lock, file);
}

/** Linux: include/linux/fs.h filemap_invalidate_unlock (7.2). */
export function* filemap_invalidate_unlock(file: InodeId): Op {
  yield* up_write(address_space.invalidate_lock, file);
}

/** Keeps out who takes pages away. Linux: include/linux/fs.h filemap_invalidate_lock_shared (7.2). */
export function* filemap_invalidate_lock_shared(file: InodeId): Op {
  yield* down_read(address_space.invalidate_lock, file);
}

/** Linux: include/linux/fs.h filemap_invalidate_unlock_shared (7.2). */
export function* filemap_invalidate_unlock_shared(file: InodeId): Op {
  yield* up_read(address_space.invalidate_lock, file);
}

/** Keeps the extents of a file as they are. Linux: fs/ext4/inode.c ext4_map_blocks (7.2); fs/xfs/xfs_inode.c xfs_ilock (7.2). */
export function* i_data_down_read(file: InodeId): Op {
  yield* down_read(inode.i_data_sem, file);
}

/** Linux: fs/ext4/inode.c ext4_map_blocks (7.2); fs/xfs/xfs_inode.c xfs_iunlock (7.2). */
export function* i_data_up_read(file: InodeId): Op {
  yield* up_read(inode.i_data_sem, file);
}

/** Keeps everyone else from the extents of a file. Linux: fs/ext4/inode.c ext4_map_blocks (7.2); fs/xfs/xfs_inode.c xfs_ilock (7.2). */
export function* i_data_down_write(file: InodeId): Op {
  yield* down_write(inode.i_data_sem, file);
}

/** Linux: fs/ext4/inode.c ext4_map_blocks (7.2); fs/xfs/xfs_inode.c xfs_iunlock (7.2). */
export function* i_data_up_write(file: InodeId): Op {
  yield* up_write(inode.i_data_sem, file);
}
