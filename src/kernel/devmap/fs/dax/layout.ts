import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { dax_entry_size, dax_is_locked, dax_to_pfn } from '../../../common/fs/dax/entries.ts';
import {
  dax_layout_busy_page,
  dax_scan_for_busy_page,
  wait_page_idle,
} from '../../../common/fs/dax/layout.ts';
import { ERESTARTSYS } from '../../../common/include/errno.ts';
import { mapping_mapped } from '../../../common/include/fs.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import { unmap_mapping_pages } from '../../../common/mm/memory.ts';
import { first_page_above } from '../../../state/dax_folio.ts';
import type { InodeId, MappingId, Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';

/**
 * A page of an entry that somebody holds, or NO_PAGE. Idle pages count 1, whoever maps them.
 * Linux: fs/dax.c dax_busy_page (6.12).
 */
export function* dax_busy_page(entry: number): Op<number> {
  const nr = dax_entry_size(entry);
  return nr === 0 ? NO_PAGE : yield* first_page_above(dax_to_pfn(entry), nr, 1);
}

/** Whether a page may be given away. Linux: fs/ext4/inode.c ext4_break_layouts (6.12), its condition. */
export function* dax_page_is_idle(pfn: Pfn): Op<number> {
  return (yield* load(page._refcount, pfn)) === 1 ? 1 : 0;
}

/**
 * Takes away the entries that map a range of a file, and returns the first page of it that is busy, or NO_PAGE. A file
 * that nobody maps is taken to have no busy pages, although pins outlive mappings: a mistake, mended in 6.15.
 * Linux: fs/dax.c dax_layout_busy_page_range (6.12).
 */
export function* dax_layout_busy_page_range(
  mapping: MappingId,
  start_idx: number,
  end_idx: number,
): Op<number> {
  if (!(yield* mapping_mapped(mapping))) return NO_PAGE;
  yield* unmap_mapping_pages(mapping, start_idx, end_idx, 0);
  return yield* dax_scan_for_busy_page(mapping, start_idx, end_idx);
}

/**
 * An entry that a scan came to, once nobody has it locked; 0 to pass on. A locked one is passed over: the function that
 * waits looks for a further entry from where the scan stands, and in the range of one page there is none. A mistake,
 * mended in 6.15.
 * Linux: fs/dax.c dax_layout_busy_page_range, get_unlocked_entry (6.12), with a cursor that was moved already.
 */
export function* dax_entry_settled(_mapping: MappingId, _index: number, entry: number): Op<number> {
  return dax_is_locked(entry) ? 0 : entry;
}

/**
 * Sees to it that nobody maps a file or has pages of it for I/O: 0. The caller holds invalidate_lock for writing. The
 * entries stay.
 * Linux: fs/ext4/inode.c ext4_break_layouts (6.12); fs/xfs/xfs_file.c xfs_break_dax_layouts, and xfs_break_layouts, which has
 * its loop (6.12). Left out: as for wait_page_idle; leases.
 */
export function* break_dax_layouts(inode: InodeId): Op<number> {
  for (;;) {
    const busy = yield* dax_layout_busy_page(inode);
    if (busy === NO_PAGE) return 0;
    yield* wait_page_idle(busy, inode);
  }
}

/**
 * The same without waiting: -ERESTARTSYS if a page is busy.
 * Linux: fs/xfs/xfs_inode.c xfs_mmaplock_two_inodes_and_break_dax_layout (6.12), its look at the second inode.
 */
export function* dax_break_layout_nowait(inode: InodeId): Op<number> {
  const busy = yield* dax_layout_busy_page(inode);
  return busy === NO_PAGE || (yield* dax_page_is_idle(busy)) ? 0 : -ERESTARTSYS;
}

/**
 * What an inode waits for before it goes: nothing, a mistake that was mended in 6.15. Linux 6.12 has no such function.
 */
export function* dax_break_layout_final(_inode: InodeId): Op {}
