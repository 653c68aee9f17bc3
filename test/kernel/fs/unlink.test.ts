import { describe, expect, it } from 'vitest';
import { ENOENT } from '../../../src/kernel/common/include/errno.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('unlink under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    it('frees the blocks of a file that nobody has open', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      kernel.call('fput', kernel.create(0, 2));
      expect(kernel.call('sys_unlink', 0, 0)).toBe(0);
      expect(kernel.open(0)).toBe(-ENOENT);
      expect(kernel.blocks(kernel.create(1, 2), 2)).toEqual([0, 1]);
    });

    it('keeps the blocks until the last open is closed', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      kernel.call('sys_pwrite', filp, 0, 4);
      expect(kernel.call('sys_unlink', 0, 0)).toBe(0);
      expect(kernel.open(0)).toBe(-ENOENT);
      expect(kernel.call('sys_pread', filp, 0)).toBe(4);
      expect(kernel.blocks(kernel.create(1, 1), 1)).toEqual([2]);
      kernel.call('fput', filp);
      expect(kernel.blocks(kernel.create(2, 1), 1)).toEqual([0]);
    });

    it('lets the name be used for another file', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const before = kernel.create(0, 1);
      kernel.call('sys_unlink', 0, 0);
      const after = kernel.create(0, 2);
      expect(kernel.inodeOf(after)).not.toBe(kernel.inodeOf(before));
      expect(kernel.size(after)).toBe(2 * PAGE);
      expect(kernel.size(before)).toBe(PAGE);
    });

    it('answers ENOENT for a name that is not there', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      expect(kernel.call('sys_unlink', 0, 5)).toBe(-ENOENT);
    });
  });
});
