import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, min } from '../../../machine/primitives/own.ts';
import { HOLDER_PIPE, holder, holder_close, holder_create, holder_page } from '../../state/holder.ts';
import type { HolderId, MmId } from '../../state/numbers.ts';
import { pipe_push, pipe_push_copies } from '../../state/pipe.ts';
import { EAGAIN, EBADF, EFAULT } from '../include/errno.ts';
import { try_get_page } from '../include/mm.ts';
import { get_user_pages_fast } from '../mm/gup/entry.ts';
import { pages_of_range } from '../mm/gup/hold.ts';
import { gup_pages_add, gup_pages_number } from '../mm/gup/pages.ts';
import { put_user_pages } from '../mm/gup/unpin.ts';
import { PIPE_DEF_BUFFERS, pipe_drain, pipe_lock, pipe_unlock } from './pipe.ts';

/**
 * Puts the pages of a range into a new pipe, one reference a buffer, a buffer a page: the pipe, or an errno.
 * Linux: fs/splice.c vmsplice (7.2), with a pipe(2) before it.
 */
export function* vmsplice(mm: MmId, address: number, length: number): Op<HolderId> {
  const pipe = yield* holder_create(HOLDER_PIPE, mm);
  const ret = yield* vmsplice_to_pipe(mm, pipe, address, length);
  if (ret >= 0) return pipe;
  yield* holder_close(pipe, HOLDER_PIPE);
  return ret;
}

/**
 * The same into a pipe that may hold something already: bytes put in, as many as it has room for, -EAGAIN if it has
 * none, -EBADF if it is closed, or why GUP failed.
 * Linux: fs/splice.c vmsplice_to_pipe, wait_for_space (7.2), as for a caller who does not wait.
 */
export function* vmsplice_to_pipe(mm: MmId, pipe: HolderId, address: number, length: number): Op<number> {
  if (!(yield* pipe_lock(pipe))) return -EBADF;
  let ret = -EAGAIN;
  if ((yield* load(holder.pages, pipe)) < PIPE_DEF_BUFFERS) {
    ret = yield* iter_to_pipe(mm, pipe, address, length);
  }
  yield* pipe_unlock(pipe);
  return ret;
}

/**
 * Fills a pipe, which is locked and has room: bytes put in, or an errno if none. Pages for which there was no room are
 * dropped again.
 * Linux: fs/splice.c iter_to_pipe, add_to_pipe (7.2), lib/iov_iter.c iov_iter_get_pages2 (7.2).
 */
export function* iter_to_pipe(mm: MmId, pipe: HolderId, address: number, length: number): Op<number> {
  let total = 0;
  while (total < length) {
    const start = address + total;
    const offset = start % PAGE_SIZE;
    const wanted = min(PIPE_DEF_BUFFERS, pages_of_range(start, length - total));
    const got = yield* get_user_pages_fast(mm, div(start, PAGE_SIZE), wanted, 0);
    if (got < 0) return total > 0 ? total : got;
    const room = PIPE_DEF_BUFFERS - (yield* load(holder.pages, pipe));
    if (room > 0) {
      const bytes = min(length - total, min(got, room) * PAGE_SIZE - offset);
      yield* pipe_push(pipe, min(got, room), offset, bytes);
      total += bytes;
    }
    if (got > room) {
      yield* put_user_pages();
      return total;
    }
  }
  return total;
}

/**
 * Duplicates what a pipe holds into a new pipe, one more reference a buffer: the new pipe, -EAGAIN if there is nothing,
 * -EFAULT if a page cannot take a reference, -EBADF if the pipe is closed.
 * Linux: fs/splice.c do_tee, link_pipe (7.2).
 */
export function* tee(from: HolderId): Op<HolderId> {
  if (!(yield* pipe_lock(from))) return -EBADF;
  const ret = yield* link_pipe(from);
  yield* pipe_unlock(from);
  return ret;
}

/**
 * The same with the pipe locked.
 * Linux: fs/splice.c link_pipe (7.2).
 */
export function* link_pipe(from: HolderId): Op<HolderId> {
  const pages = yield* load(holder.pages, from);
  for (let position = 0; position < pages; position++) {
    const pfn = yield* holder_page(from, position);
    if (!(yield* try_get_page(pfn))) break;
    yield* gup_pages_add(pfn, 1);
  }
  const got = yield* gup_pages_number();
  if (got === 0) return pages === 0 ? -EAGAIN : -EFAULT;
  const pipe = yield* holder_create(HOLDER_PIPE, yield* load(holder.mm, from));
  yield* pipe_push_copies(pipe, got, from);
  return pipe;
}

/**
 * Moves all that a pipe holds into an ordinary file: as pipe_drain.
 * Linux: fs/splice.c do_splice, iter_file_splice_write (7.2).
 */
export function* splice_to_file(pipe: HolderId): Op<number> {
  return yield* pipe_drain(pipe, yield* load(holder.length, pipe));
}
