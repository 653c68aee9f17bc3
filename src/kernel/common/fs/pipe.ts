import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { load_byte } from '../../../machine/primitives/bytes.ts';
import { spin_lock, spin_unlock } from '../../../machine/primitives/locks.ts';
import { min } from '../../../machine/primitives/own.ts';
import { HOLDER_PIPE, holder, holder_close, holder_page } from '../../state/holder.ts';
import { direct_map_has } from '../../state/memmap.ts';
import type { HolderId, Pfn } from '../../state/numbers.ts';
import { pipe_shift } from '../../state/pipe.ts';
import { PIPE_BUFFERS, pipe_buffer } from '../../state/pipe_buffer.ts';
import { EAGAIN, EBADF, EFAULT, EINVAL } from '../include/errno.ts';
import { put_user_pages } from '../mm/gup/unpin.ts';

/** Buffers of a pipe, each of one page at most (include/linux/pipe_fs_i.h). */
export const PIPE_DEF_BUFFERS: number = PIPE_BUFFERS;

/**
 * Keeps others from reading, filling and closing a pipe: 1, or 0 and not locked if somebody has closed it.
 * Linux: fs/pipe.c pipe_lock (7.2). Where the model frees a pipe that is closed while others wait for it, Linux keeps it
 * until they have left (fs/file.c fdget).
 */
export function* pipe_lock(pipe: HolderId): Op<number> {
  yield* spin_lock(holder.lock, pipe);
  if ((yield* load(holder.kind, pipe)) === HOLDER_PIPE) return 1;
  yield* spin_unlock(holder.lock, pipe);
  return 0;
}

/**
 * Lets others at a pipe again.
 * Linux: fs/pipe.c pipe_unlock (7.2).
 */
export function* pipe_unlock(pipe: HolderId): Op {
  yield* spin_unlock(holder.lock, pipe);
}

/**
 * Copies what a reader wants of a page: its first byte, which stands for all, or -EFAULT if the kernel has lost sight of
 * the page.
 * Linux: lib/iov_iter.c copy_page_to_iter (7.2).
 */
export function* copy_page_to_iter(pfn: Pfn, offset: number): Op<number> {
  if (!(yield* direct_map_has(pfn))) return -EFAULT;
  return yield* load_byte(pfn, offset);
}

/**
 * Drops the first buffer of a pipe and its page.
 * Linux: fs/pipe.c pipe_update_tail, page_cache_pipe_buf_release (7.2).
 */
export function* pipe_update_tail(pipe: HolderId): Op {
  yield* pipe_shift(pipe);
  yield* put_user_pages();
}

/**
 * Reads up to `length` bytes of the first buffer, under the lock: bytes, or -EFAULT. `is_first`: the reader's memory
 * has nothing yet.
 * Linux: fs/pipe.c anon_pipe_read (7.2), the body of its loop.
 */
export function* pipe_read_buffer(pipe: HolderId, length: number, is_first: number): Op<number> {
  const buf = pipe * PIPE_DEF_BUFFERS;
  const offset = yield* load(pipe_buffer.offset, buf);
  const len = yield* load(pipe_buffer.len, buf);
  const chars = min(len, length);
  const byte = yield* copy_page_to_iter(yield* holder_page(pipe, 0), offset);
  if (byte < 0) return byte;
  if (is_first) yield* store(holder.read_byte, pipe, byte);
  yield* store(pipe_buffer.offset, buf, offset + chars);
  yield* store(pipe_buffer.len, buf, len - chars);
  yield* store(holder.length, pipe, (yield* load(holder.length, pipe)) - chars);
  if (chars === len) yield* pipe_update_tail(pipe);
  return chars;
}

/**
 * Reads up to `length` bytes into ordinary memory; buffers that are used up drop their page. Bytes read, -EAGAIN from
 * an empty pipe, -EFAULT if the page is gone, -EBADF if the pipe is closed.
 * Linux: fs/pipe.c anon_pipe_read (7.2), as for a file that does not block.
 */
export function* pipe_drain(pipe: HolderId, length: number): Op<number> {
  if (!(yield* pipe_lock(pipe))) return -EBADF;
  let done = 0;
  let ret = -EAGAIN;
  yield* store(holder.read_byte, pipe, 0);
  while (done < length && (yield* load(holder.length, pipe)) > 0) {
    ret = yield* pipe_read_buffer(pipe, length - done, done === 0 ? 1 : 0);
    if (ret < 0) break;
    done += ret;
  }
  yield* pipe_unlock(pipe);
  return done > 0 || length === 0 ? done : ret;
}

/**
 * Closes both ends of a pipe, which drops all it holds: 0, or -EINVAL if it is closed already.
 * Linux: fs/pipe.c pipe_release, free_pipe_info (7.2).
 */
export function* pipe_release(pipe: HolderId): Op<number> {
  if (!(yield* pipe_lock(pipe))) return -EINVAL;
  yield* holder_close(pipe, HOLDER_PIPE);
  yield* put_user_pages();
  return 0;
}
