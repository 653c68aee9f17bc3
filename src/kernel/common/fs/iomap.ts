import type { Op } from '../../../machine/primitive.ts';
import { get, min, put } from '../../../machine/primitives/own.ts';
import { FS_XFS } from '../../state/inode.ts';
import { iomap } from '../../state/iomap.ts';
import type { InodeId } from '../../state/numbers.ts';
import { ext4_iomap_begin } from './ext4/iomap.ts';
import { inode_file_system } from './super.ts';
import { xfs_dax_write_iomap_end, xfs_iomap_begin } from './xfs/xfs_iomap.ts';

/**
 * Asks a file's system where pages `[index, index + nr)` are, with IOMAP_ `flags`: 0 or a negative errno. The answer is in
 * the caller's struct iomap until iomap_end, and says at least the first page; blocks are pages of the file's device.
 * Linux: include/linux/iomap.h struct iomap_ops (7.2), its iomap_begin; fs/iomap/iter.c iomap_iter (7.2).
 */
export function* iomap_begin(file: InodeId, index: number, nr: number, flags: number): Op<number> {
  put(iomap.flags, 0, 0);
  put(iomap.srcmap_addr, 0, 0);
  if ((yield* inode_file_system(file)) === FS_XFS) {
    return yield* xfs_iomap_begin(file, index, nr, flags);
  }
  return yield* ext4_iomap_begin(file, index, nr, flags);
}

/**
 * Tells a file's system how many of the pages that iomap_begin was asked for have been `written`, 0 if it failed, as far as
 * its answer went; that is gone then. 0 or a negative errno.
 * Linux: include/linux/iomap.h struct iomap_ops (7.2), its iomap_end; fs/iomap/iter.c iomap_iter (7.2), with its
 * iomap_length_trim.
 */
export function* iomap_end(
  file: InodeId,
  index: number,
  nr: number,
  written: number,
  _flags: number,
): Op<number> {
  const copied = get(iomap.srcmap_addr, 0);
  const length = min(nr, get(iomap.length, 0));
  yield* iomap_forget();
  if (!copied) return 0;
  return yield* xfs_dax_write_iomap_end(file, index, length, written);
}

/** Leaves nothing of an answer behind. */
export function* iomap_forget(): Op {
  put(iomap.type, 0, 0);
  put(iomap.offset, 0, 0);
  put(iomap.length, 0, 0);
  put(iomap.addr, 0, 0);
  put(iomap.flags, 0, 0);
  put(iomap.srcmap_addr, 0, 0);
}
