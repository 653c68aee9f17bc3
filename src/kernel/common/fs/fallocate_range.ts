import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { min } from '../../../machine/primitives/own.ts';
import { inode } from '../../state/inode.ts';
import type { InodeId } from '../../state/numbers.ts';
import { EFBIG, EINVAL } from '../include/errno.ts';
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_ZERO_RANGE,
} from '../include/fcntl.ts';
import { LAST_PGOFF } from '../include/fs.ts';
import { truncate_pagecache_range } from '../mm/truncate.ts';
import { dax_zero_range } from './dax/zero.ts';
import { alloc_unwritten, free_blocks, shift_blocks } from './file_blocks.ts';
import { exceeds_maxbytes, first_whole_page, page_end, page_of } from './file_size.ts';
import { mark_inode_dirty } from './inode.ts';
import { file_write_and_wait_range } from './sync.ts';

/*
 * What fallocate does to bytes `[offset, end)` of a file, once nobody has pages of it any more. ext4 and xfs do the
 * same here but for what `keeps` says: 1 for ext4, which zeroes a range by declaring its blocks unwritten, and punches no
 * block behind the end of the file; xfs gives others in their place, and frees those.
 */

/** Whether pages behind the range move. */
export function falloc_shifts(mode: number): boolean {
  return (mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE)) !== 0;
}

/**
 * Punches, zeroes, collapses or inserts: 0 or a negative errno.
 * Linux: fs/ext4/extents.c ext4_fallocate (7.2); fs/xfs/xfs_file.c __xfs_file_fallocate (7.2), their cases.
 */
export function* fallocate_range(
  file: InodeId,
  mode: number,
  offset: number,
  end: number,
  keeps: number,
): Op<number> {
  const refused = yield* falloc_refused(file, mode, offset, end);
  if (refused) return refused;
  const error = yield* falloc_unmap(file, mode, offset, end, keeps);
  if (error) return error;
  yield* mark_inode_dirty(file);
  if (falloc_shifts(mode)) {
    yield* falloc_shift(file, mode, offset, end);
    return 0;
  }
  return yield* falloc_zero(file, mode, offset, end, keeps);
}

/**
 * Whether whole pages are to be taken out of the middle of a file, or put in there: 0 or a negative errno.
 * Linux: fs/ext4/extents.c ext4_collapse_range, ext4_insert_range (7.2); fs/xfs/xfs_file.c xfs_falloc_collapse_range,
 * xfs_falloc_insert_range (7.2), their checks.
 */
export function* falloc_refused(file: InodeId, mode: number, offset: number, end: number): Op<number> {
  if (!falloc_shifts(mode)) return 0;
  if (offset % PAGE_SIZE !== 0 || end % PAGE_SIZE !== 0) return -EINVAL;
  const size = yield* load(inode.i_size, file);
  if (mode & FALLOC_FL_COLLAPSE_RANGE) return end >= size ? -EINVAL : 0;
  if (yield* exceeds_maxbytes(file, size + end - offset)) return -EFBIG;
  return offset >= size ? -EINVAL : 0;
}

/**
 * Takes the pages that change out of the mappings of a file: 0 or a negative errno. What moves, or is taken only in part, is
 * written back before.
 * Linux: fs/xfs/xfs_bmap_util.c xfs_flush_unmap_range, xfs_prepare_shift (7.2); fs/ext4/inode.c
 * ext4_truncate_page_cache_block_range (7.2).
 */
export function* falloc_unmap(
  file: InodeId,
  mode: number,
  offset: number,
  end: number,
  keeps: number,
): Op<number> {
  const whole = keeps && !falloc_shifts(mode) ? 1 : 0;
  const first = whole ? first_whole_page(offset) : page_of(offset);
  const behind = whole ? page_of(end) : first_whole_page(end);
  const last = falloc_shifts(mode) ? LAST_PGOFF : behind - 1;
  if (!whole) {
    const error = yield* file_write_and_wait_range(file, first, last);
    if (error) return error;
  }
  yield* truncate_pagecache_range(file, first, last);
  return 0;
}

/**
 * Takes whole pages out of a file, or puts pages of hole in; what lies behind moves.
 * Linux: fs/ext4/extents.c ext4_collapse_range, ext4_insert_range (7.2); fs/xfs/xfs_bmap_util.c xfs_collapse_file_space,
 * xfs_insert_file_space (7.2).
 */
export function* falloc_shift(file: InodeId, mode: number, offset: number, end: number): Op {
  const size = yield* load(inode.i_size, file);
  const collapses = mode & FALLOC_FL_COLLAPSE_RANGE;
  const distance = page_of(end) - page_of(offset);
  if (collapses) yield* free_blocks(file, page_of(offset), page_of(end));
  yield* shift_blocks(file, collapses ? page_of(end) : page_of(offset), collapses ? -distance : distance);
  yield* store(inode.i_size, file, collapses ? size - (end - offset) : size + end - offset);
}

/**
 * Makes a range of bytes read as zeros: without blocks where that can be, or with FALLOC_FL_ZERO_RANGE with blocks that count
 * as never written. xfs frees blocks behind the end of the file as well, ext4 leaves them. 0 or a negative errno.
 * Linux: fs/ext4/inode.c ext4_punch_hole (7.2); fs/ext4/extents.c ext4_zero_range (7.2); fs/xfs/xfs_bmap_util.c
 * xfs_free_file_space (7.2); fs/xfs/xfs_file.c xfs_falloc_zero_range (7.2).
 */
export function* falloc_zero(
  file: InodeId,
  mode: number,
  offset: number,
  end: number,
  keeps: number,
): Op<number> {
  const zeroes = mode & FALLOC_FL_ZERO_RANGE;
  const size = yield* load(inode.i_size, file);
  if (!zeroes && keeps && offset >= size) return 0;
  const edge = keeps ? page_end(size) : size;
  const stop = zeroes || !keeps ? end : min(end, edge);
  if (!zeroes || !keeps) yield* free_blocks(file, first_whole_page(offset), page_of(stop));
  const error = yield* zero_partial_pages(file, offset, zeroes ? stop : min(stop, edge));
  if (error || !zeroes) return error;
  return yield* falloc_allocate(file, mode, offset, end, keeps);
}

/**
 * Zeroes the parts of a range of bytes that are no whole pages: 0 or a negative errno.
 * Linux: fs/ext4/inode.c ext4_zero_partial_blocks (7.2); fs/xfs/xfs_bmap_util.c xfs_free_file_space (7.2), its
 * xfs_zero_range.
 */
export function* zero_partial_pages(file: InodeId, offset: number, end: number): Op<number> {
  const head = page_end(offset);
  const tail = page_of(end) * PAGE_SIZE;
  let error = 0;
  for (let edge = 0; edge < 2; edge++) {
    const from = edge === 0 ? offset : tail;
    const to = edge === 0 ? min(head, end) : end;
    if (error === 0 && (edge === 0 || tail >= head)) error = yield* dax_zero_range(file, from, to);
  }
  return error;
}

/**
 * Gives a range of bytes blocks that read as zeros; with `convert` those that it has as a whole read so too. The file grows to
 * hold it, unless the mode says otherwise: 0 or -ENOSPC.
 * Linux: fs/ext4/extents.c ext4_do_fallocate, ext4_update_inode_size (7.2); fs/xfs/xfs_file.c xfs_falloc_allocate_range,
 * xfs_falloc_setsize (7.2).
 */
export function* falloc_allocate(
  file: InodeId,
  mode: number,
  offset: number,
  end: number,
  convert: number,
): Op<number> {
  if (convert) {
    const failed = yield* alloc_unwritten(file, first_whole_page(offset), page_of(end), 1);
    if (failed) return failed;
  }
  const error = yield* alloc_unwritten(file, page_of(offset), first_whole_page(end), 0);
  if (error) return error;
  if (mode & FALLOC_FL_KEEP_SIZE || end <= (yield* load(inode.i_size, file))) return 0;
  yield* store(inode.i_size, file, end);
  return 0;
}
