import type { Machine } from '../../machine/machine.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import { appendPages, holder, takeFirstPage } from './holder.ts';
import type { HolderId } from './numbers.ts';
import { PIPE_BUFFERS, pipe_buffer } from './pipe_buffer.ts';

/*
 * Steps that put pages into a pipe and take them out. Who takes them holds the pipe's lock, so that one step is as good
 * as the kernel's several.
 */

/** Sets the buffer at `position`, and returns its bytes. */
function setBuffer(machine: Machine, pipe: HolderId, position: number, offset: number, len: number): number {
  const buffers = machine.memory.of(pipe_buffer);
  buffers.offset.set(pipe * PIPE_BUFFERS + position, offset);
  buffers.len.set(pipe * PIPE_BUFFERS + position, len);
  return len;
}

/**
 * Appends the first `pages` pages of the caller's array to a pipe, a buffer each: `bytes` bytes in all, from `offset`
 * of the first page on.
 */
export const pipe_push: (pipe: HolderId, pages: number, offset: number, bytes: number) => Op = primitive(
  (machine, pipe, pages, offset, bytes) => {
    const holders = machine.memory.of(holder);
    const before = holders.pages.get(pipe);
    let left = bytes;
    for (let page = 0; page < pages; page++) {
      const start = page === 0 ? offset : 0;
      left -= setBuffer(machine, pipe, before + page, start, Math.min(left, PAGE_SIZE - start));
    }
    holders.length.set(pipe, holders.length.get(pipe) + bytes);
    appendPages(machine, pipe, pages);
  },
);

/** Appends the first `pages` pages of the caller's array to an empty pipe, as the first buffers of another. */
export const pipe_push_copies: (pipe: HolderId, pages: number, from: HolderId) => Op = primitive(
  (machine, pipe, pages, from) => {
    const buffers = machine.memory.of(pipe_buffer);
    let bytes = 0;
    for (let position = 0; position < pages; position++) {
      const at = from * PIPE_BUFFERS + position;
      bytes += setBuffer(machine, pipe, position, buffers.offset.get(at), buffers.len.get(at));
    }
    machine.memory.of(holder).length.set(pipe, bytes);
    appendPages(machine, pipe, pages);
  },
);

/** Drops the first buffer of a pipe; its page moves to the caller's array. */
export const pipe_shift: (pipe: HolderId) => Op = primitive((machine, pipe) => {
  const buffers = machine.memory.of(pipe_buffer);
  const last = machine.memory.of(holder).pages.get(pipe) - 1;
  for (let position = 0; position < last; position++) {
    const next = pipe * PIPE_BUFFERS + position + 1;
    setBuffer(machine, pipe, position, buffers.offset.get(next), buffers.len.get(next));
  }
  setBuffer(machine, pipe, last, 0, 0);
  takeFirstPage(machine, pipe);
});
