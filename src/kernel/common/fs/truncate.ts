import { break_dax_layouts } from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { min } from '../../../machine/primitives/own.ts';
import { FILE_PAGES } from '../../state/address_space.ts';
import { inode } from '../../state/inode.ts';
import { file } from '../../state/mm.ts';
import type { FileId, InodeId } from '../../state/numbers.ts';
import { EBADF, EFBIG, EINVAL } from '../include/errno.ts';
import { FMODE_WRITE } from '../include/fs.ts';
import { truncate_pagecache } from '../mm/truncate.ts';
import { dax_truncate_page } from './dax/zero.ts';
import { is_file } from './file.ts';
import { free_blocks } from './file_blocks.ts';
import { exceeds_maxbytes, first_whole_page, MAX_LFS_FILESIZE } from './file_size.ts';
import { mark_inode_dirty } from './inode.ts';
import {
  filemap_invalidate_lock,
  filemap_invalidate_unlock,
  inode_lock,
  inode_unlock,
} from './inode_lock.ts';
import { inode_status } from './namei.ts';

/**
 * ftruncate(2) to `size` bytes: 0 or a negative errno. Waits for whoever has pages of the file for I/O.
 * Linux: fs/open.c do_ftruncate, do_truncate (7.2); fs/attr.c inode_newsize_ok (7.2).
 */
export function* sys_ftruncate(filp: FileId, size: number): Op<number> {
  if (size < 0) return -EINVAL;
  if (filp === 0) return -EBADF;
  const mapping = yield* load(file.f_mapping, filp);
  if (!is_file(mapping) || !((yield* load(file.f_mode, filp)) & FMODE_WRITE)) return -EINVAL;
  const status = yield* inode_status(mapping);
  if (status) return status;
  if (yield* exceeds_maxbytes(mapping, size)) return -EFBIG;
  yield* inode_lock(mapping);
  const error = yield* setattr_size(mapping, size);
  yield* inode_unlock(mapping);
  return error;
}

/**
 * Changes the size of a file whose i_rwsem the caller holds: 0 or a negative errno. Nobody may have pages of it, not even if
 * it grows.
 * Linux: fs/ext4/inode.c ext4_setattr (7.2), for ATTR_SIZE; fs/xfs/xfs_iops.c xfs_vn_setattr (7.2).
 */
export function* setattr_size(mapping: InodeId, size: number): Op<number> {
  yield* filemap_invalidate_lock(mapping);
  let error = yield* break_dax_layouts(mapping);
  if (error === 0) error = yield* change_size(mapping, size);
  yield* filemap_invalidate_unlock(mapping);
  return error;
}

/**
 * The same once nobody can have pages of the file: zeroes what its last page has behind the lesser of the two ends, says where
 * it ends, and frees the blocks behind.
 * Linux: fs/xfs/xfs_iops.c xfs_setattr_size (7.2); fs/ext4/inode.c ext4_setattr, ext4_truncate (7.2), which zeroes
 * later. Left out: the journal, orphans.
 */
export function* change_size(mapping: InodeId, size: number): Op<number> {
  const oldsize = yield* load(inode.i_size, mapping);
  const zeroed = size > oldsize ? size : MAX_LFS_FILESIZE;
  const error = yield* dax_truncate_page(mapping, min(size, oldsize), zeroed);
  if (error) return error;
  yield* truncate_setsize(mapping, size);
  if (size <= oldsize) yield* free_blocks(mapping, first_whole_page(size), FILE_PAGES);
  yield* mark_inode_dirty(mapping);
  return 0;
}

/** Says where a file ends, and takes away what lies behind. Linux: mm/truncate.c truncate_setsize (7.2). */
export function* truncate_setsize(mapping: InodeId, size: number): Op {
  yield* store(inode.i_size, mapping, size);
  yield* truncate_pagecache(mapping, first_whole_page(size));
}
