import { ext4_break_layouts } from '#scheme/fs/dax/layout.ts';
import type { Op } from '../../../machine/primitive.ts';
import type { InodeId } from '../../state/numbers.ts';

/**
 * Sees to it that nobody maps a file or has pages of it for I/O: 0 or a negative errno. The caller holds invalidate_lock for
 * writing, which is dropped while it waits.
 * Linux: fs/ext4/inode.c ext4_break_layouts (7.2); fs/xfs/xfs_file.c xfs_break_layouts with BREAK_UNMAP (7.2), which does
 * the same.
 */
export function* break_layouts(file: InodeId): Op<number> {
  return yield* ext4_break_layouts(file);
}
