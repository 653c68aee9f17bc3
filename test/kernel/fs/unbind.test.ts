import { describe, expect, it } from 'vitest';
import { EBUSY, EIO, ENODEV, SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../../../src/kernel/common/include/fs.ts';
import { FILE_PAGES, i_pages } from '../../../src/kernel/state/address_space.ts';
import { FS_EXT4, FS_XFS } from '../../../src/kernel/state/inode.ts';
import { advance } from '../support/advance.ts';
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

    it('takes the pages of closed files out of memory first, and leaves those of open and mapped ones', () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const files = [kernel.create(0, 1), kernel.create(1, 1), kernel.create(2, 1)];
      const mm = kernel.process();
      const mappings = files.map((filp) => kernel.map(mm, filp, 1));
      for (const m of mappings) kernel.store(mm, m, 1);
      const { entry } = kernel.machine.memory.of(i_pages);
      const slots = files.map((filp) => kernel.inodeOf(filp) * FILE_PAGES);
      const [closed = 0, mapped = 0] = files;
      for (const m of [mappings[0], mappings[2]]) kernel.call('sys_munmap', mm, m ?? 0, PAGE);
      for (const filp of [closed, mapped]) kernel.call('fput', filp);
      expect(kernel.call('pmem_unbind', 0)).toBe(0);
      expect(slots.map((slot) => entry.get(slot) !== 0)).toEqual([false, true, true]);
      expect(kernel.warnings).toEqual([]);
    });

    it(`${scheme === 'refcount' ? 'waits for' : 'warns of'} a pin on a closed file, and not for one on an open file`, () => {
      const kernel = new FileKernel(scheme, fileSystem);
      const mm = kernel.process();
      const files = [kernel.create(0, 1), kernel.create(1, 1)];
      const pins = files.map((filp) => {
        const m = kernel.map(mm, filp, 1);
        const pin = kernel.call('pin_pages', mm, m, PAGE, 1, 0);
        kernel.call('sys_munmap', mm, m, PAGE);
        return pin;
      });
      kernel.call('fput', files[0] ?? 0);
      const unbinding = kernel.thread(1, 'pmem_unbind', 0);
      advance(unbinding);
      expect(unbinding.blocked).toBe(scheme === 'refcount');
      const opening = kernel.thread(2, 'sys_open', 0, 0, 0, -1, FMODE_READ | FMODE_WRITE);
      advance(opening);
      expect(opening.blocked).toBe(scheme === 'refcount');
      kernel.machine.cpu = 0;
      if (scheme === 'refcount') {
        kernel.call('unpin_pages', pins[0] ?? 0);
        advance(unbinding);
        advance(opening);
      }
      expect([unbinding.result, opening.result]).toEqual([0, -EIO]);
      expect(kernel.warnings).toEqual(
        scheme === 'refcount' ? [] : ['dax_disassociate_entry: somebody holds a page that is truncated'],
      );
    });
  });
});
