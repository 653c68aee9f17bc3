import { describe, expect, it } from 'vitest';
import { EBADF, EFBIG, EINVAL, ENOSPC } from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../../../src/kernel/common/include/fs.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('read and write under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    it('reads back what it wrote, at any offset', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      expect(kernel.call('sys_pwrite', filp, PAGE + 5, 9)).toBe(0);
      expect(kernel.call('sys_pread', filp, PAGE + 5)).toBe(9);
      expect(kernel.call('sys_pread', filp, PAGE + 6)).toBe(0);
    });

    it('writes a block for a hole, whose other bytes are zero, and lets the file grow', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      kernel.setDeviceByte(0, 77, 1);
      const filp = kernel.create(0);
      expect(kernel.call('sys_pwrite', filp, 2 * PAGE, 9)).toBe(0);
      expect(kernel.blocks(filp, 3)).toEqual([-1, -1, 0]);
      expect(kernel.size(filp)).toBe(2 * PAGE + 1);
      expect(kernel.call('sys_pwrite', filp, 2 * PAGE + 3, 8)).toBe(0);
      expect(kernel.call('sys_pread', filp, 2 * PAGE + 1)).toBe(0);
      expect(kernel.call('sys_pread', filp, 0)).toBe(0);
    });

    it('reads nothing behind the end of the file', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 1);
      kernel.setDeviceByte(kernel.blocks(filp, 1)[0] ?? -1, 3);
      expect(kernel.call('sys_pread', filp, 0)).toBe(3);
      expect(kernel.call('sys_pread', filp, PAGE)).toBe(0);
    });

    it('zeroes what lay behind the old end in its page when the file grows past it', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0);
      kernel.call('sys_pwrite', filp, 0, 1);
      kernel.setDeviceByte(0, 55, 10);
      kernel.call('sys_pwrite', filp, 20, 2);
      expect(kernel.call('sys_pread', filp, 10)).toBe(0);
    });

    it('refuses what POSIX refuses', () => {
      const kernel = new FileKernel(scheme, fileSystem, 2);
      const filp = kernel.create(0, 2);
      expect(kernel.call('sys_pread', 0, 0)).toBe(-EBADF);
      expect(kernel.call('sys_pread', filp, -1)).toBe(-EINVAL);
      expect(kernel.call('sys_pwrite', filp, -1, 0)).toBe(-EINVAL);
      expect(kernel.call('sys_pwrite', kernel.open(0, FMODE_READ), 0, 1)).toBe(-EBADF);
      expect(kernel.call('sys_pread', kernel.open(0, FMODE_WRITE), 0)).toBe(-EBADF);
      expect(kernel.call('sys_pwrite', filp, 2 ** 45, 1)).toBe(fileSystem === 'ext4' ? -EFBIG : -ENOSPC);
      expect(kernel.call('sys_pwrite', filp, 2 * PAGE, 1)).toBe(-ENOSPC);
      expect(kernel.size(filp)).toBe(2 * PAGE);
    });
  });

  it('makes writers wait for each other and for readers', () => {
    const kernel = new FileKernel(scheme, 'ext4');
    const filp = kernel.create(0, 1);
    const writer = kernel.thread(0, 'sys_pwrite', filp, 0, 1);
    while (kernel.deviceByte(0) !== 1) writer.step();
    const reader = kernel.thread(1, 'sys_pread', filp, 0);
    while (!reader.blocked) reader.step();
    while (!writer.done) writer.step();
    while (!reader.done) reader.step();
    expect(reader.result).toBe(1);
  });
});
