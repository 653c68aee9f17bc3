import { describe, expect, it } from 'vitest';
import { MAP_SHARED_VALIDATE, MAP_SYNC, MS_SYNC } from '../../../src/kernel/common/include/mman.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('what a power loss leaves, under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    /** A file of two pages, mapped. */
    const setUp = (): { kernel: FileKernel; filp: number; mm: number; m: number } => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      const mm = kernel.process();
      return { kernel, filp, mm, m: kernel.map(mm, filp, 2) };
    };
    /** Ends the process, then the power. */
    const crash = (kernel: FileKernel, filp: number, mm: number): number => {
      kernel.call('exit_mm', mm);
      kernel.call('fput', filp);
      kernel.losePower();
      return kernel.open(0);
    };

    it('keeps what was stored and synced, and loses what was stored only', () => {
      const { kernel, filp, mm, m } = setUp();
      kernel.store(mm, m, 1);
      expect(kernel.call('sys_fsync', filp)).toBe(0);
      kernel.store(mm, m + 1, 2);
      const after = crash(kernel, filp, mm);
      expect(kernel.call('sys_pread', after, 0)).toBe(1);
      expect(kernel.call('sys_pread', after, 1)).toBe(0);
      expect(kernel.broken).toEqual([]);
    });

    it('keeps what was stored before a second fsync, too', () => {
      const { kernel, filp, mm, m } = setUp();
      for (const byte of [1, 2, 3]) {
        kernel.store(mm, m, byte);
        kernel.call('sys_fsync', filp);
      }
      expect(kernel.call('sys_pread', crash(kernel, filp, mm), 0)).toBe(3);
      expect(kernel.broken).toEqual([]);
    });

    it('writes back the range of an msync, and no other (fs-msync)', () => {
      const { kernel, filp, mm, m } = setUp();
      kernel.store(mm, m, 1);
      kernel.store(mm, m + PAGE, 2);
      expect(kernel.call('sys_msync', mm, m, PAGE, MS_SYNC)).toBe(0);
      const after = crash(kernel, filp, mm);
      expect(kernel.call('sys_pread', after, 0)).toBe(1);
      expect(kernel.call('sys_pread', after, PAGE)).toBe(0);
      expect(kernel.broken).toEqual([]);
    });

    it('keeps what write(2) put into blocks that were durable', () => {
      const { kernel, filp, mm } = setUp();
      kernel.call('sys_pwrite', filp, 5, 7);
      expect(kernel.call('sys_pread', crash(kernel, filp, mm), 5)).toBe(7);
    });

    it('loses blocks and size of a file that grew and was not synced', () => {
      const { kernel, filp, mm } = setUp();
      kernel.call('sys_pwrite', filp, 3 * PAGE, 7);
      const after = crash(kernel, filp, mm);
      expect(kernel.size(after)).toBe(2 * PAGE);
      expect(kernel.blocks(after, 4)).toEqual([0, 1, -1, -1]);
    });

    it('keeps them after fsync', () => {
      const { kernel, filp, mm } = setUp();
      kernel.call('sys_pwrite', filp, 3 * PAGE, 7);
      kernel.call('sys_fsync', filp);
      const after = crash(kernel, filp, mm);
      expect(kernel.size(after)).toBe(3 * PAGE + 1);
      expect(kernel.call('sys_pread', after, 3 * PAGE)).toBe(7);
    });

    it('does not give blocks back to a file once another has them', () => {
      const { kernel, filp, mm } = setUp();
      kernel.call('sys_ftruncate', filp, 0);
      const other = kernel.create(1, 2);
      expect(kernel.blocks(other, 2)).toEqual([0, 1]);
      kernel.call('sys_pwrite', other, 0, 9);
      kernel.call('fput', other);
      const after = crash(kernel, filp, mm);
      expect(kernel.blocks(after, 2)).toEqual([-1, -1]);
      expect(kernel.call('sys_pread', kernel.open(1), 0)).toBe(9);
    });

    it('keeps a block, and what is written back at once, of a mapping with MAP_SYNC', () => {
      const { kernel, filp, mm } = setUp();
      kernel.call('sys_ftruncate', filp, 4 * PAGE);
      const m = kernel.map(mm, filp, 4, MAP_SHARED_VALIDATE | MAP_SYNC);
      expect(kernel.call('cpu_store_durable', mm, m + 3 * PAGE, 6)).toBe(0);
      const after = crash(kernel, filp, mm);
      expect(kernel.call('sys_pread', after, 3 * PAGE)).toBe(6);
    });

    it('loses a block that was stored to through any other mapping', () => {
      const { kernel, filp, mm } = setUp();
      kernel.call('sys_ftruncate', filp, 4 * PAGE);
      kernel.call('sys_fsync', filp);
      const m = kernel.map(mm, filp, 4);
      expect(kernel.call('cpu_store_durable', mm, m + 3 * PAGE, 6)).toBe(0);
      const after = crash(kernel, filp, mm);
      expect(kernel.call('sys_pread', after, 3 * PAGE)).toBe(0);
      expect(kernel.blocks(after, 4)).toEqual([0, 1, -1, -1]);
    });

    it('leaves nothing of what was in memory', () => {
      const { kernel, filp, mm, m } = setUp();
      kernel.store(mm, m, 1);
      const after = crash(kernel, filp, mm);
      const again = kernel.process();
      const n = kernel.map(again, after, 2);
      expect(kernel.store(again, n, 3)).toBe(0);
      expect(kernel.load(again, n)).toBe(3);
      expect(kernel.warnings).toEqual([]);
    });
  });

  it('tells of a page whose bytes an fsync should have made durable, and did not, at each fsync', () => {
    const kernel = new FileKernel(scheme, 'ext4');
    const filp = kernel.create(0, 2);
    kernel.storeByDevice(1, 5);
    expect(kernel.call('sys_fsync', filp)).toBe(0);
    expect(kernel.broken).toEqual([1]);
    expect(kernel.call('sys_fsync', filp)).toBe(0);
    expect(kernel.broken).toEqual([1, 1]);
  });
});
