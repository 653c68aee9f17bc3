import { describe, expect, it } from 'vitest';
import { EBUSY, EIO, ENODEV, SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import { FS_EXT4, FS_XFS } from '../../../src/kernel/state/inode.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('unbinding pmem under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('with a mounted %s', (fileSystem) => {
    const kind = fileSystem === 'ext4' ? FS_EXT4 : FS_XFS;

    it('ends at once, and the file system answers EIO from then on', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      expect(kernel.call('pmem_unbind', 0)).toBe(0);
      expect(kernel.call('sys_pread', filp, 0)).toBe(-EIO);
      expect(kernel.call('sys_pwrite', filp, 0, 1)).toBe(-EIO);
      expect(kernel.call('sys_ftruncate', filp, 0)).toBe(-EIO);
      expect(kernel.call('sys_fsync', filp)).toBe(-EIO);
      expect(kernel.open(0)).toBe(-EIO);
      expect(kernel.call('pmem_unbind', 0)).toBe(-ENODEV);
    });

    it('leaves what is mapped readable (fs-pmem-unbind)', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      const mm = kernel.process();
      const m = kernel.map(mm, filp, 2);
      kernel.store(mm, m, 65);
      expect(kernel.call('pmem_unbind', 0)).toBe(0);
      expect(kernel.load(mm, m)).toBe(65);
      expect(kernel.load(mm, m + PAGE)).toBe(SIGNAL_SIGBUS);
    });

    it('has the files again once it is bound again and the file system has its device back', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      kernel.call('sys_pwrite', filp, 0, 8);
      kernel.call('pmem_unbind', 0);
      expect(kernel.call('pmem_attach', 0)).toBe(0);
      expect(kernel.call('pmem_attach', 0)).toBe(-EBUSY);
      expect(kernel.open(0)).toBe(-EIO);
      expect(kernel.call('fs_mount', 0, kind, 0)).toBe(-EBUSY);
      expect(kernel.call('fs_revive', 0)).toBe(0);
      expect(kernel.call('sys_pread', kernel.open(0), 0)).toBe(8);
    });
  });
});
