import { describe, expect, it } from 'vitest';
import { SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
} from '../../../src/kernel/common/include/fcntl.ts';
import { address_space } from '../../../src/kernel/state/address_space.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

describe.each(['devmap', 'refcount'] as const)('a file that is mapped, under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    const setUp = (pages: number): { kernel: FileKernel; filp: number; mm: number; m: number } => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, pages);
      const mm = kernel.process();
      return { kernel, filp, mm, m: kernel.map(mm, filp, Math.max(pages, 2)) };
    };

    it('shows what was written by write(2), and read(2) shows what was stored', () => {
      const { kernel, filp, mm, m } = setUp(1);
      expect(kernel.store(mm, m, 1)).toBe(0);
      expect(kernel.call('sys_pread', filp, 0)).toBe(1);
      expect(kernel.call('sys_pwrite', filp, 1, 2)).toBe(0);
      expect(kernel.load(mm, m + 1)).toBe(2);
    });

    it('shows zeros of a hole until write(2) gives it a block', () => {
      const { kernel, filp, mm, m } = setUp(0);
      kernel.call('sys_ftruncate', filp, 2 * PAGE);
      expect(kernel.load(mm, m + PAGE)).toBe(0);
      expect(kernel.call('sys_pwrite', filp, PAGE, 6)).toBe(0);
      expect(kernel.load(mm, m + PAGE)).toBe(6);
    });

    it('answers SIGBUS behind the end, and shows zeros once the file has grown again (fs-truncate-partial)', () => {
      const { kernel, filp, mm, m } = setUp(2);
      kernel.store(mm, m, 1);
      kernel.store(mm, m + PAGE, 1);
      expect(kernel.call('sys_ftruncate', filp, PAGE)).toBe(0);
      expect(kernel.load(mm, m)).toBe(1);
      expect(kernel.load(mm, m + PAGE)).toBe(SIGNAL_SIGBUS);
      expect(kernel.call('sys_ftruncate', filp, 4 * PAGE)).toBe(0);
      expect(kernel.load(mm, m + PAGE)).toBe(0);
      expect(kernel.store(mm, m + PAGE, 2)).toBe(0);
      expect(kernel.load(mm, m + PAGE)).toBe(2);
      expect(kernel.warnings).toEqual([]);
    });

    it('shows the hole that was punched (fs-punch-mapped)', () => {
      const { kernel, filp, mm, m } = setUp(2);
      kernel.store(mm, m, 1);
      kernel.store(mm, m + PAGE, 1);
      expect(kernel.call('sys_fallocate', filp, PUNCH, 0, PAGE)).toBe(0);
      expect(kernel.load(mm, m)).toBe(0);
      expect(kernel.store(mm, m, 4)).toBe(0);
      expect(kernel.load(mm, m + PAGE)).toBe(1);
    });

    it('shows zeros after ZERO_RANGE (fs-zero-range-mapped)', () => {
      const { kernel, filp, mm, m } = setUp(1);
      kernel.store(mm, m, 1);
      expect(kernel.call('sys_fallocate', filp, FALLOC_FL_ZERO_RANGE, 0, PAGE)).toBe(0);
      expect(kernel.load(mm, m)).toBe(0);
      expect(kernel.store(mm, m, 4)).toBe(0);
      const same = kernel.blocks(filp, 1)[0] === 0;
      expect(same).toBe(fileSystem === 'ext4');
    });

    it('shows what moved up or down (fs-collapse-range-mapped, fs-insert-range-mapped)', () => {
      const { kernel, filp, mm, m } = setUp(2);
      kernel.store(mm, m, 1);
      kernel.store(mm, m + PAGE, 2);
      expect(kernel.call('sys_fallocate', filp, FALLOC_FL_COLLAPSE_RANGE, 0, PAGE)).toBe(0);
      expect(kernel.load(mm, m)).toBe(2);
      expect(kernel.call('sys_fallocate', filp, FALLOC_FL_INSERT_RANGE, 0, PAGE)).toBe(0);
      expect(kernel.load(mm, m)).toBe(0);
      expect(kernel.load(mm, m + PAGE)).toBe(2);
      expect(kernel.warnings).toEqual([]);
    });

    it('stays when its name goes and its descriptor is closed, until it is unmapped (fs-unlink-mapped)', () => {
      const { kernel, filp, mm, m } = setUp(2);
      kernel.store(mm, m, 1);
      expect(kernel.call('sys_unlink', 0, 0)).toBe(0);
      kernel.call('fput', filp);
      expect(kernel.load(mm, m)).toBe(1);
      expect(kernel.blocks(kernel.create(1, 1), 1)).toEqual([2]);
      expect(kernel.call('sys_munmap', mm, m, 2 * PAGE)).toBe(0);
      expect(kernel.blocks(kernel.create(2, 1), 1)).toEqual([0]);
      expect(kernel.warnings).toEqual([]);
    });

    it('faults while no writer has the lock, and waits while pages are taken away', () => {
      const { kernel, filp, mm, m } = setUp(2);
      kernel.store(mm, m, 1);
      const cut = kernel.thread(1, 'sys_ftruncate', filp, 0);
      while (
        !cut.done &&
        kernel.machine.memory.of(address_space).invalidate_lock.get(kernel.inodeOf(filp)) === 0
      )
        cut.step();
      const fault = kernel.thread(0, 'cpu_load', mm, m + PAGE);
      while (!fault.blocked) fault.step();
      while (!cut.done) cut.step();
      while (!fault.done) fault.step();
      expect(fault.result).toBe(SIGNAL_SIGBUS);
    });
  });
});
