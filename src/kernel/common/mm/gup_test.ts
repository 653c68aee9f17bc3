import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { load_byte, PAGE_SIZE, store_byte } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import { HOLDER_GET, HOLDER_PIN, holder, holder_close, holder_page } from '../../state/holder.ts';
import type { HolderId, MmId } from '../../state/numbers.ts';
import { EINVAL } from '../include/errno.ts';
import { FOLL_LONGTERM, FOLL_WRITE } from '../include/gup_flags.ts';
import { NO_PAGE } from '../include/vm_normal_page.ts';
import { get_user_pages_fast, pin_user_pages_fast } from './gup/entry.ts';
import { hold_pages, pages_of_range } from './gup/hold.ts';
import { put_user_pages, unpin_user_pages_dirty_lock } from './gup/unpin.ts';

/*
 * GUP as a driver uses it, held until user space says otherwise, and a device that works through what is held. The
 * kernel's own such driver is its test module. Addresses, offsets and lengths are in bytes.
 */

/**
 * Pins the pages of a range, for writing if `write`, for good if `longterm`: a holder, whose `pages` may be fewer than
 * asked for; or an errno.
 * Linux: mm/gup_test.c __gup_test_ioctl (7.2), PIN_FAST_BENCHMARK.
 */
export function* pin_pages(
  mm: MmId,
  address: number,
  length: number,
  write: number,
  longterm: number,
): Op<HolderId> {
  const nr_pages = pages_of_range(address, length);
  if (nr_pages === 0) return -EINVAL;
  const gup_flags = (write ? FOLL_WRITE : 0) | (longterm ? FOLL_LONGTERM : 0);
  const pages = yield* pin_user_pages_fast(mm, div(address, PAGE_SIZE), nr_pages, gup_flags);
  if (pages < 0) return pages;
  return yield* hold_pages(HOLDER_PIN, mm, address, length, pages, write);
}

/**
 * Ends a pin; pages that it was for writing to are marked dirty. 0, or -EINVAL if it is no pin any more.
 * Linux: mm/gup_test.c put_back_pages (7.2), with unpin_user_pages_dirty_lock as drivers do.
 */
export function* unpin_pages(owner: HolderId): Op<number> {
  const dirty = yield* load(holder.dirty, owner);
  if (!(yield* holder_close(owner, HOLDER_PIN))) return -EINVAL;
  yield* unpin_user_pages_dirty_lock(dirty);
  return 0;
}

/**
 * Takes references on the pages of a range: as pin_pages.
 * Linux: mm/gup_test.c __gup_test_ioctl (7.2), GUP_FAST_BENCHMARK.
 */
export function* get_pages(mm: MmId, address: number, length: number, write: number): Op<HolderId> {
  const nr_pages = pages_of_range(address, length);
  if (nr_pages === 0) return -EINVAL;
  const pages = yield* get_user_pages_fast(mm, div(address, PAGE_SIZE), nr_pages, write ? FOLL_WRITE : 0);
  if (pages < 0) return pages;
  return yield* hold_pages(HOLDER_GET, mm, address, length, pages, 0);
}

/**
 * Drops what get_pages took. 0, or -EINVAL if it is dropped already.
 * Linux: mm/gup_test.c put_back_pages (7.2).
 */
export function* put_pages(owner: HolderId): Op<number> {
  if (!(yield* holder_close(owner, HOLDER_GET))) return -EINVAL;
  yield* put_user_pages();
  return 0;
}

/**
 * A device reads the byte at `offset` of what is pinned, wherever that is mapped by now; -EINVAL outside of it.
 */
export function* dma_read(owner: HolderId, offset: number): Op<number> {
  const at = (yield* load(holder.offset, owner)) + offset;
  const pfn = yield* holder_page(owner, div(at, PAGE_SIZE));
  if (pfn === NO_PAGE) return -EINVAL;
  return yield* load_byte(pfn, at % PAGE_SIZE);
}

/**
 * A device writes the byte at `offset` of what is pinned: 0, or -EINVAL outside of it.
 */
export function* dma_write(owner: HolderId, offset: number, value: number): Op<number> {
  const at = (yield* load(holder.offset, owner)) + offset;
  const pfn = yield* holder_page(owner, div(at, PAGE_SIZE));
  if (pfn === NO_PAGE) return -EINVAL;
  yield* store_byte(pfn, at % PAGE_SIZE, value);
  return 0;
}
