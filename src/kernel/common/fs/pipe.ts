import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { load_byte, PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { spin_lock, spin_unlock } from '../../../machine/primitives/locks.ts';
import { min } from '../../../machine/primitives/own.ts';
import { HOLDER_PIPE, holder, holder_close, holder_page, holder_take_first } from '../../state/holder.ts';
import { direct_map_has } from '../../state/memmap.ts';
import type { HolderId, Pfn } from '../../state/numbers.ts';
import { EAGAIN, EBADF, EFAULT, EINVAL } from '../include/errno.ts';
import { put_user_pages } from '../mm/gup/unpin.ts';

/** Buffers of a pipe, each of one page at most (include/linux/pipe_fs_i.h). */
export const PIPE_DEF_BUFFERS = 16;

/**
 * Linux: fs/pipe.c pipe_lock (7.2).
 */
export function* pipe_lock(pipe: HolderId): Op {
  yield* spin_lock(holder.lock, pipe);
}

/**
 * Linux: fs/pipe.c pipe_unlock (7.2).
 */
export function* pipe_unlock(pipe: HolderId): Op {
  yield* spin_unlock(holder.lock, pipe);
}

/**
 * Copies what a reader wants of a page: 1, or 0 if the kernel has lost sight of the page.
 * Linux: lib/iov_iter.c copy_page_to_iter (7.2). One byte stands for all.
 */
export function* copy_page_to_iter(pfn: Pfn, offset: number): Op<number> {
  if (!(yield* direct_map_has(pfn))) return 0;
  yield* load_byte(pfn, offset);
  return 1;
}

/**
 * Drops the first buffer of a pipe and its page.
 * Linux: fs/pipe.c pipe_update_tail, page_cache_pipe_buf_release (7.2).
 */
export function* pipe_update_tail(pipe: HolderId): Op {
  yield* holder_take_first(pipe);
  yield* put_user_pages();
}

/**
 * Reads up to `length` bytes of the first buffer, under the lock: bytes, or -EFAULT.
 * Linux: fs/pipe.c anon_pipe_read (7.2), the body of its loop.
 */
export function* pipe_read_buffer(pipe: HolderId, length: number): Op<number> {
  const offset = yield* load(holder.offset, pipe);
  const left = yield* load(holder.length, pipe);
  const size = min(PAGE_SIZE - offset, left);
  const chars = min(size, length);
  if (!(yield* copy_page_to_iter(yield* holder_page(pipe, 0), offset))) return -EFAULT;
  yield* store(holder.offset, pipe, (offset + chars) % PAGE_SIZE);
  yield* store(holder.length, pipe, left - chars);
  if (chars === size) yield* pipe_update_tail(pipe);
  return chars;
}

/**
 * Reads up to `length` bytes into ordinary memory; buffers that are used up drop their page. Bytes read, -EAGAIN from
 * an empty pipe, -EFAULT if the page is gone, -EBADF if the pipe is closed.
 * Linux: fs/pipe.c anon_pipe_read (7.2), as for a file that does not block.
 */
export function* pipe_drain(pipe: HolderId, length: number): Op<number> {
  if ((yield* load(holder.kind, pipe)) !== HOLDER_PIPE) return -EBADF;
  let done = 0;
  let ret = -EAGAIN;
  yield* pipe_lock(pipe);
  while (done < length && (yield* load(holder.length, pipe)) > 0) {
    ret = yield* pipe_read_buffer(pipe, length - done);
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
  if ((yield* load(holder.kind, pipe)) !== HOLDER_PIPE) return -EINVAL;
  yield* pipe_lock(pipe);
  yield* holder_close(pipe, HOLDER_PIPE);
  yield* put_user_pages();
  return 0;
}
