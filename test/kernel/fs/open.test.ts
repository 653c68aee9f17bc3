import { describe, expect, it } from 'vitest';
import { EBUSY, ENOENT, ENOSPC } from '../../../src/kernel/common/include/errno.ts';
import { FS_EXT4 } from '../../../src/kernel/state/inode.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('opening files under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    it('gives a new file the lowest blocks of the device, all zero', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      kernel.setDeviceByte(1, 7);
      const filp = kernel.create(0, 3);
      expect(kernel.blocks(filp, 4)).toEqual([0, 1, 2, -1]);
      expect(kernel.size(filp)).toBe(3 * PAGE);
      expect(kernel.deviceByte(1)).toBe(0);
    });

    it('finds the same file under the same name, and leaves its size alone', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const first = kernel.create(0, 2);
      const second = kernel.create(0, 5);
      expect(second).not.toBe(first);
      expect(kernel.inodeOf(second)).toBe(kernel.inodeOf(first));
      expect(kernel.size(second)).toBe(2 * PAGE);
    });

    it('answers ENOENT for a name that nobody made', () => {
      expect(new FileKernel(scheme, fileSystem).open(3)).toBe(-ENOENT);
    });

    it('answers ENOSPC when the device is too small for the file', () => {
      expect(new FileKernel(scheme, fileSystem, 4).create(0, 5)).toBe(-ENOSPC);
    });

    it('keeps a closed file that has a name', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      kernel.call('fput', kernel.create(0, 2));
      const filp = kernel.open(0);
      expect(kernel.size(filp)).toBe(2 * PAGE);
      expect(kernel.blocks(filp, 2)).toEqual([0, 1]);
    });

    it('does not mount a second time', () => {
      expect(new FileKernel(scheme, fileSystem).call('fs_mount', 0, FS_EXT4, 0)).toBe(-EBUSY);
    });

    it('puts a file of huge pages where huge pages can be mapped', () => {
      const kernel = new FileKernel(scheme, fileSystem, 2048);
      kernel.create(0, 1);
      expect(kernel.blocks(kernel.create(1, 512), 1)).toEqual([512]);
      expect(kernel.blocks(kernel.create(2, 4), 1)).toEqual([1]);
    });
  });
});
