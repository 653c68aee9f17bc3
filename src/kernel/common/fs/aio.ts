import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { HOLDER_REQUEST, holder, holder_close } from '../../state/holder.ts';
import type { HolderId, MmId } from '../../state/numbers.ts';
import { EINVAL, EIO } from '../include/errno.ts';
import { hold_pages } from '../mm/gup/hold.ts';
import { gup_pages_number } from '../mm/gup/pages.ts';
import { direct_io_complete, direct_io_start } from './direct-io.ts';

/**
 * Submits an asynchronous O_DIRECT I/O from a range, or into it if `into`: the request in flight, which holds its pins.
 * That pages cannot be had is an answer of the request, and comes with io_getevents.
 * Linux: fs/aio.c io_submit_one, aio_rw_done (7.2).
 */
export function* io_submit_direct(mm: MmId, address: number, length: number, into: number): Op<HolderId> {
  const ret = yield* direct_io_start(mm, address, length, into, -EIO);
  return yield* hold_pages(HOLDER_REQUEST, mm, address, ret, yield* gup_pages_number(), into);
}

/**
 * Waits for a request, which ends its pins: bytes transferred, the errno that it failed with, or -EINVAL if it was
 * waited for before.
 * Linux: fs/aio.c io_getevents, aio_complete (7.2).
 */
export function* io_getevents(request: HolderId): Op<number> {
  const into = yield* load(holder.dirty, request);
  const res = yield* load(holder.length, request);
  if (!(yield* holder_close(request, HOLDER_REQUEST))) return -EINVAL;
  yield* direct_io_complete(into);
  return res;
}
