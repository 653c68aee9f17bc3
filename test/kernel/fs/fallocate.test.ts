import { describe, expect, it } from 'vitest';
import { EBADF, EFBIG, EINVAL, ENOSPC, EOPNOTSUPP } from '../../../src/kernel/common/include/errno.ts';
import {
  FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
} from '../../../src/kernel/common/include/fcntl.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

/** A file whose pages begin with the bytes 1, 2, 3, …. */
function numbered(kernel: FileKernel, pages: number): number {
  const filp = kernel.create(0, pages);
  for (let page = 0; page < pages; page++) kernel.call('sys_pwrite', filp, page * PAGE, page + 1);
  return filp;
}

/** The first bytes of the first `pages` pages. */
function numbers(kernel: FileKernel, filp: number, pages: number): number[] {
  return Array.from({ length: pages }, (_, page) => kernel.call('sys_pread', filp, page * PAGE));
}

describe.each(['devmap', 'refcount'] as const)('fallocate under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    const make = (pages = 64): FileKernel => new FileKernel(scheme, fileSystem, pages);

    it('punches a hole, which keeps the size and frees the blocks', () => {
      const kernel = make();
      const filp = numbered(kernel, 3);
      expect(kernel.call('sys_fallocate', filp, PUNCH, PAGE, PAGE)).toBe(0);
      expect(kernel.blocks(filp, 3)).toEqual([0, -1, 2]);
      expect(kernel.size(filp)).toBe(3 * PAGE);
      expect(numbers(kernel, filp, 3)).toEqual([1, 0, 3]);
    });

    it('zeroes what a hole has of pages that it covers in part', () => {
      const kernel = make();
      const filp = numbered(kernel, 4);
      kernel.call('sys_pwrite', filp, PAGE - 1, 9);
      kernel.call('sys_pwrite', filp, 3 * PAGE + 10, 9);
      expect(kernel.call('sys_fallocate', filp, PUNCH, PAGE - 1, 2 * PAGE + 2)).toBe(0);
      expect(kernel.blocks(filp, 4)).toEqual([0, -1, -1, 3]);
      expect(kernel.call('sys_pread', filp, PAGE - 1)).toBe(0);
      expect(numbers(kernel, filp, 4)).toEqual([1, 0, 0, 0]);
      expect(kernel.call('sys_pread', filp, 3 * PAGE + 10)).toBe(9);
    });

    it('zeroes a hole within one page', () => {
      const kernel = make();
      const filp = numbered(kernel, 1);
      for (const offset of [9, 10, 19, 20]) kernel.call('sys_pwrite', filp, offset, 9);
      kernel.call('sys_fallocate', filp, PUNCH, 10, 10);
      expect([9, 10, 19, 20].map((offset) => kernel.call('sys_pread', filp, offset))).toEqual([9, 0, 0, 9]);
    });

    it('allocates blocks that read as zeros until somebody writes', () => {
      const kernel = make();
      kernel.setDeviceByte(1, 66);
      const filp = kernel.create(0, 1);
      expect(kernel.call('sys_fallocate', filp, 0, PAGE, 2 * PAGE)).toBe(0);
      expect(kernel.size(filp)).toBe(3 * PAGE);
      expect(kernel.blocks(filp, 3)).toEqual([0, 1, 2]);
      expect(numbers(kernel, filp, 3)).toEqual([0, 0, 0]);
      kernel.call('sys_pwrite', filp, PAGE + 1, 5);
      expect(kernel.blocks(filp, 3)).toEqual([0, 1, 2]);
      expect(kernel.call('sys_pread', filp, PAGE)).toBe(0);
      expect(kernel.call('sys_pread', filp, PAGE + 1)).toBe(5);
    });

    it('leaves the size alone when asked to', () => {
      const kernel = make();
      const filp = kernel.create(0, 1);
      kernel.call('sys_fallocate', filp, FALLOC_FL_KEEP_SIZE, 0, 3 * PAGE);
      expect(kernel.size(filp)).toBe(PAGE);
      expect(kernel.blocks(filp, 3)).toEqual([0, 1, 2]);
    });

    it('zeroes a range: ext4 keeps its blocks, xfs takes others', () => {
      const kernel = make();
      const filp = numbered(kernel, 2);
      expect(kernel.call('sys_fallocate', filp, FALLOC_FL_ZERO_RANGE, 0, PAGE)).toBe(0);
      expect(numbers(kernel, filp, 2)).toEqual([0, 2]);
      expect(kernel.blocks(filp, 2)).toEqual(fileSystem === 'ext4' ? [0, 1] : [2, 1]);
    });

    it('collapses a range: what lies behind moves up, onto the same blocks', () => {
      const kernel = make();
      const filp = numbered(kernel, 4);
      expect(kernel.call('sys_fallocate', filp, FALLOC_FL_COLLAPSE_RANGE, PAGE, PAGE)).toBe(0);
      expect(kernel.size(filp)).toBe(3 * PAGE);
      expect(kernel.blocks(filp, 4)).toEqual([0, 2, 3, -1]);
      expect(numbers(kernel, filp, 3)).toEqual([1, 3, 4]);
    });

    it('inserts a range: what lies behind moves down, and a hole comes', () => {
      const kernel = make();
      const filp = numbered(kernel, 2);
      expect(kernel.call('sys_fallocate', filp, FALLOC_FL_INSERT_RANGE, PAGE, 2 * PAGE)).toBe(0);
      expect(kernel.size(filp)).toBe(4 * PAGE);
      expect(kernel.blocks(filp, 4)).toEqual([0, -1, -1, 1]);
      expect(numbers(kernel, filp, 4)).toEqual([1, 0, 0, 2]);
    });

    it('refuses what fallocate(2) says', () => {
      const kernel = make(4);
      const filp = numbered(kernel, 2);
      const fallocate = (mode: number, offset: number, length: number, open = filp): number =>
        kernel.call('sys_fallocate', open, mode, offset, length);
      expect(fallocate(0, 0, 0)).toBe(-EINVAL);
      expect(fallocate(0, -1, PAGE)).toBe(-EINVAL);
      expect(fallocate(0, 0, PAGE, 0)).toBe(-EBADF);
      expect(fallocate(PUNCH, 0, PAGE, kernel.open(0, FMODE_READ))).toBe(-EBADF);
      expect(fallocate(FALLOC_FL_PUNCH_HOLE, 0, PAGE)).toBe(-EOPNOTSUPP);
      expect(fallocate(FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_KEEP_SIZE, 0, PAGE)).toBe(-EOPNOTSUPP);
      expect(fallocate(FALLOC_FL_COLLAPSE_RANGE, 0, 100)).toBe(-EINVAL);
      expect(fallocate(FALLOC_FL_COLLAPSE_RANGE, PAGE, PAGE)).toBe(-EINVAL);
      expect(fallocate(FALLOC_FL_INSERT_RANGE, 2 * PAGE, PAGE)).toBe(-EINVAL);
      expect(fallocate(0, 2 ** 50, 3 * PAGE)).toBe(fileSystem === 'ext4' ? -EFBIG : -ENOSPC);
      expect(fallocate(0, 2 * PAGE, 3 * PAGE)).toBe(-ENOSPC);
      expect(numbers(kernel, filp, 2)).toEqual([1, 2]);
      expect(kernel.size(filp)).toBe(2 * PAGE);
    });
  });
});
