import { describe, expect, it } from 'vitest';
import { EBADF, EFBIG, EINVAL } from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('ftruncate under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    it('frees the blocks behind the new end, for whoever asks next', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 4);
      expect(kernel.call('sys_ftruncate', filp, PAGE)).toBe(0);
      expect(kernel.size(filp)).toBe(PAGE);
      expect(kernel.blocks(filp, 4)).toEqual([0, -1, -1, -1]);
      expect(kernel.blocks(kernel.create(1, 2), 2)).toEqual([1, 2]);
    });

    it('takes other blocks for the file itself while there are others', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      kernel.call('sys_ftruncate', filp, PAGE);
      kernel.call('sys_pwrite', filp, PAGE, 1);
      expect(kernel.blocks(filp, 2)).toEqual([0, 2]);
    });

    it('takes back what the file itself gave up where there is nothing else', () => {
      const kernel = new FileKernel(scheme, fileSystem, 2);
      const filp = kernel.create(0, 2);
      kernel.call('sys_ftruncate', filp, PAGE);
      expect(kernel.call('sys_pwrite', filp, PAGE, 1)).toBe(0);
      expect(kernel.blocks(filp, 2)).toEqual([0, 1]);
    });

    it('zeroes the rest of the last page', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      kernel.call('sys_pwrite', filp, PAGE + 5, 3);
      kernel.call('sys_pwrite', filp, PAGE + 4, 4);
      expect(kernel.call('sys_ftruncate', filp, PAGE + 5)).toBe(0);
      expect(kernel.blocks(filp, 2)).toEqual([0, 1]);
      kernel.call('sys_ftruncate', filp, 2 * PAGE);
      expect(kernel.call('sys_pread', filp, PAGE + 5)).toBe(0);
      expect(kernel.call('sys_pread', filp, PAGE + 4)).toBe(4);
    });

    it('grows with a hole', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 1);
      expect(kernel.call('sys_ftruncate', filp, 3 * PAGE + 7)).toBe(0);
      expect(kernel.size(filp)).toBe(3 * PAGE + 7);
      expect(kernel.blocks(filp, 4)).toEqual([0, -1, -1, -1]);
      expect(kernel.call('sys_pread', filp, 2 * PAGE)).toBe(0);
    });

    it('refuses what POSIX refuses', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 1);
      expect(kernel.call('sys_ftruncate', filp, -1)).toBe(-EINVAL);
      expect(kernel.call('sys_ftruncate', 0, 0)).toBe(-EBADF);
      expect(kernel.call('sys_ftruncate', kernel.open(0, FMODE_READ), 0)).toBe(-EINVAL);
      expect(kernel.size(filp)).toBe(PAGE);
    });

    it('gives and takes blocks beyond the first 4 GiB of a file', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0);
      const far = 2 ** 33 + PAGE;
      expect(kernel.call('sys_ftruncate', filp, 2 ** 34)).toBe(0);
      expect(kernel.call('sys_pwrite', filp, far, 7)).toBe(0);
      expect(kernel.call('sys_pread', filp, far)).toBe(7);
      expect(kernel.call('sys_pread', filp, PAGE)).toBe(0);
      expect(kernel.blocks(filp, 4)).toEqual([-1, -1, -1, -1]);
      kernel.call('sys_ftruncate', filp, far);
      kernel.call('sys_ftruncate', filp, 2 ** 34);
      expect(kernel.call('sys_pread', filp, far)).toBe(0);
    });
  });

  it('lets a file of ext4 have as many blocks as its extents can count', () => {
    const kernel = new FileKernel(scheme, 'ext4');
    const filp = kernel.create(0, 1);
    const largest = (2 ** 32 - 1) * PAGE;
    expect(kernel.call('sys_ftruncate', filp, largest + 1)).toBe(-EFBIG);
    expect(kernel.size(filp)).toBe(PAGE);
    expect(kernel.call('sys_ftruncate', filp, largest)).toBe(0);
    expect(kernel.size(filp)).toBe(largest);
  });

  it('lets a file of xfs have as many bytes as a number can say', () => {
    const kernel = new FileKernel(scheme, 'xfs');
    const filp = kernel.create(0, 1);
    expect(kernel.call('sys_ftruncate', filp, Number.MAX_SAFE_INTEGER)).toBe(0);
    expect(kernel.size(filp)).toBe(Number.MAX_SAFE_INTEGER);
    expect(kernel.call('sys_ftruncate', filp, 2 ** 53)).toBe(-EFBIG);
  });
});
