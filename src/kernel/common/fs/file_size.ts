import type { Op } from '../../../machine/primitive.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import { FILE_PAGES } from '../../state/address_space.ts';
import { FS_EXT4 } from '../../state/inode.ts';
import type { InodeId } from '../../state/numbers.ts';
import { inode_file_system } from './super.ts';

/** Bytes that a file of xfs can have: as many as can be said. In Linux they are 2 ** 63 - 1, MAX_LFS_FILESIZE. */
export const MAX_LFS_FILESIZE: number = FILE_PAGES * PAGE_SIZE - 1;

/** Bytes that a file of ext4 can have, whose extents count blocks in 32 bits (fs/ext4/super.c ext4_max_size). */
export const EXT4_MAX_SIZE: number = 4294967295 * PAGE_SIZE;

/**
 * Whether a file would be larger with `size` bytes than its file system lets one be: 1 or 0.
 * Linux: include/linux/fs.h struct super_block (7.2), its s_maxbytes; fs/ext4/super.c ext4_max_size (7.2);
 * fs/xfs/xfs_super.c xfs_fs_fill_super (7.2). It never changes, so that nobody looks where every file system agrees.
 */
export function* exceeds_maxbytes(file: InodeId, size: number): Op<number> {
  if (size <= EXT4_MAX_SIZE) return 0;
  if (size > MAX_LFS_FILESIZE) return 1;
  return (yield* inode_file_system(file)) === FS_EXT4 ? 1 : 0;
}

/** The first page that lies behind byte `offset`, or begins there. */
export function first_whole_page(offset: number): number {
  return div(offset + PAGE_SIZE - 1, PAGE_SIZE);
}

/** Where the page ends that byte `offset` lies in; `offset` itself at the beginning of a page. */
export function page_end(offset: number): number {
  return first_whole_page(offset) * PAGE_SIZE;
}

/** The page that byte `offset` lies in. */
export function page_of(offset: number): number {
  return div(offset, PAGE_SIZE);
}
