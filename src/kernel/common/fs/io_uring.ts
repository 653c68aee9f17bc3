import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, get, min } from '../../../machine/primitives/own.ts';
import { gup_pages } from '../../state/gather.ts';
import { HOLDER_RING, HOLDER_RING_EXIT, holder, holder_close, holder_of_kind } from '../../state/holder.ts';
import type { HolderId, MmId, Pfn } from '../../state/numbers.ts';
import { EFAULT, ENXIO } from '../include/errno.ts';
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from '../include/gup_flags.ts';
import { folio_nr_pages, page_folio } from '../include/mm.ts';
import { pin_user_pages_fast } from '../mm/gup/entry.ts';
import { gup_put_folio } from '../mm/gup/grab.ts';
import { hold_pages, pages_of_range } from '../mm/gup/hold.ts';
import { gup_pages_clear } from '../mm/gup/pages.ts';
import { unpin_user_pages } from '../mm/gup/unpin.ts';

/** Bytes that one registered buffer may have. */
export const SZ_1G = 1073741824;

/**
 * Registers a range as a buffer of a new ring: the ring, which pins one reference a folio for good; or an errno.
 * Linux: io_uring/rsrc.c io_sqe_buffer_register (7.2); io_uring/memmap.c io_pin_pages (7.2). Left out: the limit of locked
 * memory.
 */
export function* io_uring_register_buffers(mm: MmId, address: number, length: number): Op<HolderId> {
  if (length === 0 || length > SZ_1G) return -EFAULT;
  const nr_pages = pages_of_range(address, length);
  const got = yield* pin_user_pages_fast(mm, div(address, PAGE_SIZE), nr_pages, FOLL_WRITE | FOLL_LONGTERM);
  if (got < 0) return got;
  if (got !== nr_pages) {
    yield* unpin_user_pages();
    return -EFAULT;
  }
  const nr_folios = nr_pages > 1 && (yield* io_check_coalesce_buffer()) ? yield* io_coalesce_buffer() : 0;
  const ring = yield* hold_pages(HOLDER_RING, mm, address, length, nr_pages, 0);
  if (nr_folios > 0) {
    yield* store(holder.per_folio, ring, 1);
    yield* store(holder.pages, ring, nr_folios);
  }
  return ring;
}

/**
 * Whether the caller's array is made of large folios of one size, whole but for the first's beginning and the last's
 * end.
 * Linux: io_uring/rsrc.c io_check_coalesce_buffer (7.2), and the test of nr_pages_mid that follows it.
 */
export function* io_check_coalesce_buffer(): Op<number> {
  const runs = get(gup_pages.count, 0);
  const nr_pages_mid = yield* folio_nr_pages(yield* page_folio(get(gup_pages.first, 1)));
  if (nr_pages_mid === 1) return 0;
  let whole = 1;
  for (let run = 1; run <= runs; run++) {
    let pfn = get(gup_pages.first, run);
    const end = pfn + get(gup_pages.count, run);
    if (run > 1 && (!whole || (yield* page_folio(pfn)) !== pfn)) return 0;
    while (pfn < end) {
      const folio = yield* page_folio(pfn);
      if ((yield* folio_nr_pages(folio)) !== nr_pages_mid) return 0;
      pfn = folio + nr_pages_mid;
    }
    whole = pfn === end ? 1 : 0;
  }
  return 1;
}

/**
 * Drops all pins of each folio in the caller's array but one; returns how many folios they are.
 * Linux: io_uring/rsrc.c io_coalesce_buffer (7.2).
 */
export function* io_coalesce_buffer(): Op<number> {
  const runs = get(gup_pages.count, 0);
  let folios = 0;
  for (let run = 1; run <= runs; run++) {
    const first = get(gup_pages.first, run);
    folios += yield* io_coalesce_run(first, first + get(gup_pages.count, run));
  }
  return folios;
}

/** The same for the neighbours `[first, end)`. */
export function* io_coalesce_run(first: Pfn, end: Pfn): Op<number> {
  let pfn = first;
  let folios = 0;
  while (pfn < end) {
    const folio = yield* page_folio(pfn);
    const next = min(end, folio + (yield* folio_nr_pages(folio)));
    if (next - pfn > 1) yield* gup_put_folio(folio, next - pfn - 1, FOLL_PIN);
    pfn = next;
    folios++;
  }
  return folios;
}

/**
 * Unregisters the buffer of a ring, which ends its pins: 0, or -ENXIO if none is registered.
 * Linux: io_uring/rsrc.c io_sqe_buffers_unregister (7.2).
 */
export function* io_uring_unregister(ring: HolderId): Op<number> {
  return yield* io_buffer_unmap(ring, HOLDER_RING);
}

/**
 * Ends the pins of a ring's buffer, if the ring is what `kind` says: 0 or -ENXIO.
 * Linux: io_uring/rsrc.c io_buffer_unmap (7.2).
 */
export function* io_buffer_unmap(ring: HolderId, kind: number): Op<number> {
  const per_folio = yield* load(holder.per_folio, ring);
  if (!(yield* holder_close(ring, kind))) return -ENXIO;
  if (per_folio) yield* unpin_user_folios();
  else yield* unpin_user_pages();
  return 0;
}

/**
 * Closes a ring; what it still has registered goes later, by io_ring_exit_work.
 * Linux: io_uring/io_uring.c io_uring_release, io_ring_ctx_wait_and_kill (7.2).
 */
export function* io_uring_release(ring: HolderId): Op<number> {
  yield* store(holder.kind, ring, HOLDER_RING_EXIT);
  return 0;
}

/**
 * What the kernel's worker does for the rings that a process closed: ends their pins.
 * Linux: io_uring/io_uring.c io_ring_exit_work, io_ring_ctx_free (7.2). Left out: waiting for requests under way.
 */
export function* io_ring_exit_work(mm: MmId): Op {
  let ring = yield* holder_of_kind(mm, HOLDER_RING_EXIT);
  while (ring !== 0) {
    yield* io_buffer_unmap(ring, HOLDER_RING_EXIT);
    ring = yield* holder_of_kind(mm, HOLDER_RING_EXIT);
  }
}

/**
 * Unpins each folio in the caller's array once, and empties it.
 * Linux: mm/gup.c unpin_user_folio (7.2), in the loop of io_buffer_unmap.
 */
export function* unpin_user_folios(): Op {
  const runs = get(gup_pages.count, 0);
  for (let run = 1; run <= runs; run++) {
    let pfn = get(gup_pages.first, run);
    const end = pfn + get(gup_pages.count, run);
    while (pfn < end) {
      const folio = yield* page_folio(pfn);
      pfn = folio + (yield* folio_nr_pages(folio));
      yield* gup_put_folio(folio, 1, FOLL_PIN);
    }
  }
  yield* gup_pages_clear();
}
