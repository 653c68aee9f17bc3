import type { Op } from '../../../../machine/primitive.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div, get, min } from '../../../../machine/primitives/own.ts';
import { IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import { zero_bytes } from '../../../state/medium.ts';
import type { InodeId } from '../../../state/numbers.ts';
import { dax_flush_bytes } from '../../drivers/dax/flush.ts';
import { dax_read_lock, dax_read_unlock } from '../../drivers/dax/super.ts';
import { IOMAP_F_SHARED, IOMAP_ZERO } from '../../include/iomap.ts';
import { invalidate_inode_pages2_range } from '../../mm/truncate.ts';
import { page_end } from '../file_size.ts';
import { iomap_begin, iomap_end } from '../iomap.ts';
import { inode_device } from '../super.ts';
import { dax_direct_access, dax_iomap_copy_around } from './direct_access.ts';

/**
 * Zeroes what lies behind the end of a file, at `size`, in its last page, as far as `to`: 0 or a negative errno. Pages
 * behind that one were never written.
 * Linux: fs/dax.c dax_truncate_page (7.2).
 */
export function* dax_truncate_page(file: InodeId, size: number, to: number): Op<number> {
  return yield* dax_zero_range(file, size, min(to, page_end(size)));
}

/**
 * Zeroes bytes `[from, to)` of a file, which lie in one page: 0 or a negative errno. Holes stay holes.
 * Linux: fs/dax.c dax_zero_range (7.2), for one page.
 */
export function* dax_zero_range(file: InodeId, from: number, to: number): Op<number> {
  if (from >= to) return 0;
  const index = div(from, PAGE_SIZE);
  const error = yield* iomap_begin(file, index, 1, IOMAP_ZERO);
  if (error) return error;
  const failed = yield* dax_zero_iter(file, index, from, to);
  yield* iomap_end(file, index, 1, failed ? 0 : 1, IOMAP_ZERO);
  return failed;
}

/**
 * The same once the file system has said where the page lies; one that other files have too is copied first.
 * Linux: fs/dax.c dax_zero_iter (7.2).
 */
export function* dax_zero_iter(file: InodeId, index: number, from: number, to: number): Op<number> {
  const shared = get(iomap.flags, 0) & IOMAP_F_SHARED;
  if (get(iomap.type, 0) !== IOMAP_MAPPED && !shared) return 0;
  if (shared) yield* invalidate_inode_pages2_range(file, index, index);
  const device = yield* inode_device(file);
  yield* dax_read_lock();
  const error = yield* dax_memzero(file, yield* dax_direct_access(device, get(iomap.addr, 0), 1), from, to);
  yield* dax_read_unlock();
  return error;
}

/**
 * Zeroes bytes of a page: 0 or a negative errno. They are written back only where the page was the file's own: of one that is
 * copied nothing is.
 * Linux: fs/dax.c dax_memzero (7.2), which copies what is around the zeros after them.
 */
export function* dax_memzero(file: InodeId, pfn: number, from: number, to: number): Op<number> {
  if (pfn < 0) return pfn;
  const shared = get(iomap.flags, 0) & IOMAP_F_SHARED;
  const error = yield* dax_iomap_copy_around(file, pfn, 1);
  if (error) return error;
  const start = from - (from % PAGE_SIZE);
  yield* zero_bytes(pfn, from - start, to - start);
  if (!shared) yield* dax_flush_bytes(pfn, from - start, to - start);
  return 0;
}
