import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, min } from '../../../machine/primitives/own.ts';
import {
  HOLDER_PIPE,
  holder,
  holder_append,
  holder_close,
  holder_create,
  holder_page,
} from '../../state/holder.ts';
import type { HolderId, MmId } from '../../state/numbers.ts';
import { EAGAIN, EBADF, EFAULT } from '../include/errno.ts';
import { try_get_page } from '../include/mm.ts';
import { get_user_pages_fast } from '../mm/gup/entry.ts';
import { pages_of_range } from '../mm/gup/hold.ts';
import { gup_pages_add, gup_pages_number } from '../mm/gup/pages.ts';
import { put_user_pages } from '../mm/gup/unpin.ts';
import { PIPE_DEF_BUFFERS, pipe_drain, pipe_lock, pipe_unlock } from './pipe.ts';

/**
 * Puts the pages of a range into a new pipe, one reference a buffer, a buffer a page: the pipe, or an errno. As many
 * bytes go in as the pipe has room for.
 * Linux: fs/splice.c vmsplice, vmsplice_to_pipe (7.2).
 */
export function* vmsplice(mm: MmId, address: number, length: number): Op<HolderId> {
  const pipe = yield* holder_create(HOLDER_PIPE, mm);
  yield* store(holder.offset, pipe, address % PAGE_SIZE);
  const ret = yield* iter_to_pipe(mm, pipe, address, length);
  if (ret >= 0) return pipe;
  yield* holder_close(pipe, HOLDER_PIPE);
  return ret;
}

/**
 * Fills a pipe: bytes put in, or an errno if none. Pages for which there was no room are dropped again.
 * Linux: fs/splice.c iter_to_pipe (7.2), lib/iov_iter.c iov_iter_get_pages2 (7.2).
 */
export function* iter_to_pipe(mm: MmId, pipe: HolderId, address: number, length: number): Op<number> {
  let total = 0;
  while (total < length) {
    const start = address + total;
    const wanted = min(PIPE_DEF_BUFFERS, pages_of_range(start, length - total));
    const got = yield* get_user_pages_fast(mm, div(start, PAGE_SIZE), wanted, 0);
    if (got < 0) return total > 0 ? total : got;
    const room = PIPE_DEF_BUFFERS - (yield* load(holder.pages, pipe));
    yield* holder_append(pipe, min(got, room));
    if (room > 0) total = min(length, total + min(got, room) * PAGE_SIZE - (start % PAGE_SIZE));
    yield* store(holder.length, pipe, total);
    if (got > room) {
      yield* put_user_pages();
      return total;
    }
  }
  return total;
}

/**
 * Duplicates what a pipe holds into a new pipe, one more reference a buffer: the new pipe, -EAGAIN if there is nothing,
 * -EBADF if the pipe is closed.
 * Linux: fs/splice.c do_tee, link_pipe (7.2).
 */
export function* tee(from: HolderId): Op<HolderId> {
  if ((yield* load(holder.kind, from)) !== HOLDER_PIPE) return -EBADF;
  yield* pipe_lock(from);
  const pages = yield* load(holder.pages, from);
  for (let position = 0; position < pages; position++) {
    const pfn = yield* holder_page(from, position);
    if (!(yield* try_get_page(pfn))) break;
    yield* gup_pages_add(pfn, 1);
  }
  const got = yield* gup_pages_number();
  const offset = yield* load(holder.offset, from);
  const length = yield* load(holder.length, from);
  yield* pipe_unlock(from);
  if (got === 0) return pages === 0 ? -EAGAIN : -EFAULT;
  const pipe = yield* holder_create(HOLDER_PIPE, yield* load(holder.mm, from));
  yield* store(holder.offset, pipe, offset);
  yield* store(holder.length, pipe, min(length, got * PAGE_SIZE - offset));
  yield* holder_append(pipe, got);
  return pipe;
}

/**
 * Moves all that a pipe holds into an ordinary file: as pipe_drain.
 * Linux: fs/splice.c do_splice, iter_file_splice_write (7.2).
 */
export function* splice_to_file(pipe: HolderId): Op<number> {
  return yield* pipe_drain(pipe, yield* load(holder.length, pipe));
}
