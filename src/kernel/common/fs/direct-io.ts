import type { Op } from '../../../machine/primitive.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, get, min } from '../../../machine/primitives/own.ts';
import { gup_pages } from '../../state/gather.ts';
import type { MmId } from '../../state/numbers.ts';
import { cpu_load } from '../arch/x86/cpu.ts';
import { EFAULT, EINVAL } from '../include/errno.ts';
import { FOLL_WRITE } from '../include/gup_flags.ts';
import { folio_nr_pages, page_folio } from '../include/mm.ts';
import { pin_user_pages_fast } from '../mm/gup/entry.ts';
import { pages_of_range } from '../mm/gup/hold.ts';
import { unpin_user_pages_dirty_lock } from '../mm/gup/unpin.ts';
import { folio_mark_dirty_lock } from '../mm/page-writeback.ts';

/** Bytes of a block, which addresses and lengths of O_DIRECT must be multiples of. */
export const SECTOR_SIZE = 512;

/** Pages that one request to the disk has room for (include/linux/bio.h). */
export const BIO_MAX_VECS = 256;

/**
 * Marks the folios dirty that a device is about to write to.
 * Linux: block/bio.c bio_set_pages_dirty (7.2).
 */
export function* bio_set_pages_dirty(): Op {
  const runs = get(gup_pages.count, 0);
  for (let run = 1; run <= runs; run++) {
    let pfn = get(gup_pages.first, run);
    const end = pfn + get(gup_pages.count, run);
    while (pfn < end) {
      const folio = yield* page_folio(pfn);
      yield* folio_mark_dirty_lock(folio);
      pfn = folio + (yield* folio_nr_pages(folio));
    }
  }
}

/**
 * Pins the pages of a range for an I/O, into them if `into`, and leaves them in the caller's array: bytes of the I/O, or
 * an errno. One request carries as many pages as could be had; what takes several fails as a whole, with `broken` where it had
 * begun.
 * Linux: block/fops.c __blkdev_direct_IO_async, __blkdev_direct_IO (7.2), block/bio.c bio_iov_iter_get_pages (7.2).
 */
export function* direct_io_start(
  mm: MmId,
  address: number,
  length: number,
  into: number,
  broken: number,
): Op<number> {
  if (address % SECTOR_SIZE !== 0 || length % SECTOR_SIZE !== 0) return -EINVAL;
  if (length === 0) return 0;
  const nr_pages = pages_of_range(address, length);
  const got = yield* pin_user_pages_fast(mm, div(address, PAGE_SIZE), nr_pages, into ? FOLL_WRITE : 0);
  if (got < nr_pages && nr_pages > BIO_MAX_VECS) return broken;
  if (got < 0) return got;
  if (into) yield* bio_set_pages_dirty();
  return min(length, got * PAGE_SIZE - (address % PAGE_SIZE));
}

/**
 * Releases the pages of an I/O that is done, from the caller's array. What was written into is marked dirty again, if
 * somebody cleaned it meanwhile.
 * Linux: block/bio.c bio_check_pages_dirty, __bio_release_pages (7.2).
 */
export function* direct_io_complete(into: number): Op {
  yield* unpin_user_pages_dirty_lock(into);
}

/**
 * One synchronous O_DIRECT transfer from a range, or into it: bytes, or an errno. What could not be pinned of a range to be
 * written goes through the page cache, for which the CPU copies it; into a range nothing goes that could not be pinned.
 * Linux: block/fops.c blkdev_write_iter, __blkdev_direct_IO_simple (7.2). No byte moves: the disk is one that keeps nothing.
 */
export function* odirect_sync(mm: MmId, address: number, length: number, into: number): Op<number> {
  const ret = yield* direct_io_start(mm, address, length, into, -EFAULT);
  yield* direct_io_complete(into);
  if (into || ret <= 0 || ret === length) return ret;
  return ret + (yield* blkdev_buffered_write(mm, address + ret, length - ret));
}

/**
 * Copies a range, from its first page on, as far as it can be read: bytes. A byte of each page stands for all.
 * Linux: block/fops.c blkdev_buffered_write (7.2).
 */
export function* blkdev_buffered_write(mm: MmId, address: number, length: number): Op<number> {
  for (let done = 0; done < length; done += PAGE_SIZE) {
    if ((yield* cpu_load(mm, address + done)) < 0) return done;
  }
  return length;
}
