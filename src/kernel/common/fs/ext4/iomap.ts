import type { Op } from '../../../../machine/primitive.ts';
import { get } from '../../../../machine/primitives/own.ts';
import { extent_lookup } from '../../../state/extent_map.ts';
import { IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { EIO } from '../../include/errno.ts';
import { IOMAP_WRITE } from '../../include/iomap.ts';
import { i_data_down_read, i_data_up_read } from '../inode_lock.ts';
import { is_shutdown } from '../super.ts';
import { alloc_zeroed, iomap_note_dirty } from '../zeroed_blocks.ts';

/**
 * Where pages of a file are, with blocks behind them if they are to be written: 0, -ENOSPC, or -EIO if its device went away. A
 * reader is not refused: what it finds may be a hole, for which no device is needed.
 * Linux: fs/ext4/inode.c ext4_iomap_begin (7.2); fs/ext4/file.c ext4_dax_huge_fault (7.2), its transaction;
 * fs/ext4/ext4_jbd2.c ext4_journal_check_start (7.2). Left out: inline data, the look-up that comes before the transaction.
 */
export function* ext4_iomap_begin(file: InodeId, index: number, nr: number, flags: number): Op<number> {
  if (flags & IOMAP_WRITE && (yield* is_shutdown(file))) return -EIO;
  yield* ext4_map_query_blocks(file, index, nr);
  if (flags & IOMAP_WRITE && get(iomap.type, 0) !== IOMAP_MAPPED) {
    const error = yield* alloc_zeroed(file, index, nr);
    if (error) return error;
  }
  yield* iomap_note_dirty(file);
  return 0;
}

/**
 * Looks up what pages of a file are made of.
 * Linux: fs/ext4/inode.c ext4_map_blocks, ext4_map_query_blocks (7.2). Left out: the cache of extents.
 */
export function* ext4_map_query_blocks(file: InodeId, index: number, nr: number): Op {
  yield* i_data_down_read(file);
  yield* extent_lookup(file, index, nr);
  yield* i_data_up_read(file);
}
