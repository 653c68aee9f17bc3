import { describe, expect, it } from 'vitest';
import { EAGAIN, EBADF, ENXIO } from '../../../src/kernel/common/include/errno.ts';
import { holder } from '../../../src/kernel/state/holder.ts';
import { AT, GupKernel, PAGE } from './gupKernel.ts';

/* What no single read-back shows: pipes that take several pieces and are read in between, rings that are closed. */
describe.each(['devmap', 'refcount'] as const)('pipes and rings under the %s scheme', (scheme) => {
  const mapping = scheme === 'refcount' ? 1 : 0;

  function prepared(pages = 4): GupKernel {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, pages * PAGE);
    return kernel;
  }

  it('a pipe reads its pieces in the order in which they came, each from its own place in its page', () => {
    const kernel = prepared();
    kernel.touch(1, AT + 100, 11);
    kernel.touch(1, AT + PAGE - 8, 12);
    kernel.touch(1, AT + PAGE, 13);
    const readByte = (): number => kernel.machine.memory.of(holder).read_byte.get(pipe);
    const pipe = kernel.call('vmsplice', 1, AT + 100, 50);
    expect(kernel.call('vmsplice_to_pipe', 1, pipe, AT + PAGE - 8, 16)).toBe(16);
    expect(kernel.counts(0).refcount).toBe(3 + mapping);
    expect(kernel.call('pipe_drain', pipe, 50)).toBe(50);
    expect(readByte()).toBe(11);
    expect(kernel.counts(0).refcount).toBe(2 + mapping);
    expect(kernel.call('pipe_drain', pipe, 8)).toBe(8);
    expect(readByte()).toBe(12);
    expect(kernel.call('pipe_drain', pipe, 100)).toBe(8);
    expect(readByte()).toBe(13);
    expect(kernel.call('pipe_drain', pipe, 1)).toBe(-EAGAIN);
    expect(readByte()).toBe(0);
    expect(kernel.counts(0).refcount).toBe(1 + mapping);
    expect(kernel.counts(1).refcount).toBe(1 + mapping);
  });

  it('tee copies what is left of a piece that was read in part', () => {
    const kernel = prepared();
    const pipe = kernel.call('vmsplice', 1, AT, PAGE);
    expect(kernel.call('pipe_drain', pipe, 4000)).toBe(4000);
    const copy = kernel.call('tee', pipe);
    expect(kernel.call('pipe_drain', copy, PAGE)).toBe(96);
    expect(kernel.call('pipe_drain', pipe, PAGE)).toBe(96);
    expect(kernel.counts(0).refcount).toBe(1 + mapping);
  });

  it('a full pipe takes nothing, and a closed one neither', () => {
    const kernel = prepared(20);
    const pipe = kernel.call('vmsplice', 1, AT, 15 * PAGE);
    expect(kernel.call('vmsplice_to_pipe', 1, pipe, AT, 3 * PAGE)).toBe(PAGE);
    expect(kernel.counts(0).refcount).toBe(3 + mapping);
    expect(kernel.counts(1).refcount).toBe(2 + mapping);
    expect(kernel.call('vmsplice_to_pipe', 1, pipe, AT, PAGE)).toBe(-EAGAIN);
    expect(kernel.call('pipe_release', pipe)).toBe(0);
    expect(kernel.counts(0).refcount).toBe(1 + mapping);
    expect(kernel.call('vmsplice_to_pipe', 1, pipe, AT, PAGE)).toBe(-EBADF);
    expect(kernel.holders()).toBe(0);
  });

  it('a closed ring keeps its pins until its exit work has run, or its process has gone', () => {
    const kernel = prepared();
    for (const end of ['io_ring_exit_work', 'release_holders_of_mm']) {
      const ring = kernel.call('io_uring_register_buffers', 1, AT, PAGE);
      expect(kernel.call('io_uring_release', ring)).toBe(0);
      expect(kernel.call('io_uring_unregister', ring)).toBe(-ENXIO);
      expect(kernel.counts(0).refcount).toBe(1025 + mapping);
      kernel.call(end, 1);
      expect(kernel.counts(0).refcount).toBe(1 + mapping);
      expect(kernel.holders()).toBe(0);
    }
  });
});
