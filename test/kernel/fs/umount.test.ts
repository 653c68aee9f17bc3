import { beforeEach, describe, expect, it } from 'vitest';
import { EBUSY, EINVAL, ENOENT } from '../../../src/kernel/common/include/errno.ts';
import { FILE_PAGES, i_pages } from '../../../src/kernel/state/address_space.ts';
import { FS_EXT4, FS_XFS } from '../../../src/kernel/state/inode.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { advance } from '../support/advance.ts';
import { DEVICE_PFN, FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('unmounting under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('%s', (fileSystem) => {
    const kind = fileSystem === 'ext4' ? FS_EXT4 : FS_XFS;
    let kernel: FileKernel;
    let filp: number;

    beforeEach(() => {
      kernel = new FileKernel(scheme, fileSystem);
      filp = kernel.create(0, 2);
    });

    const umount = (): number => kernel.call('fs_umount', 0);
    const mount = (): number => kernel.call('fs_mount', 0, kind, 0);

    /** The file is pinned for writing, and neither mapped nor open; the pin. */
    function pinAndClose(): number {
      const mm = kernel.process();
      const m = kernel.map(mm, filp, 2);
      const pin = kernel.call('pin_pages', mm, m, PAGE, 1, 0);
      expect(pin).toBeGreaterThan(0);
      kernel.call('sys_munmap', mm, m, 2 * PAGE);
      kernel.call('fput', filp);
      return pin;
    }

    it('is refused as long as a file is open, and the refusal leaves everything as it was', () => {
      const again = kernel.open(0);
      expect(umount()).toBe(-EBUSY);
      kernel.call('fput', again);
      expect(umount()).toBe(-EBUSY);
      expect(kernel.call('sys_pwrite', filp, 0, 8)).toBe(0);
      kernel.call('fput', filp);
      expect([umount(), umount()]).toEqual([0, -EINVAL]);
    });

    it('is refused as long as a closed file is mapped', () => {
      const mm = kernel.process();
      const m = kernel.map(mm, filp, 1);
      kernel.call('fput', filp);
      expect(umount()).toBe(-EBUSY);
      kernel.call('sys_munmap', mm, m, PAGE);
      expect(umount()).toBe(0);
    });

    it('is refused as long as a file without a name is open, which then goes', () => {
      expect(kernel.call('sys_unlink', 0, 0)).toBe(0);
      expect(umount()).toBe(-EBUSY);
      kernel.call('fput', filp);
      expect([umount(), mount()]).toEqual([0, 0]);
      expect(kernel.open(0)).toBe(-ENOENT);
    });

    it('leaves nothing to open or unlink, and mounting brings it back as it was', () => {
      kernel.call('sys_pwrite', filp, PAGE, 8);
      const before = [kernel.size(filp), ...kernel.blocks(filp, 2)];
      kernel.call('fput', filp);
      expect(umount()).toBe(0);
      expect([kernel.open(0), kernel.create(1), kernel.call('sys_unlink', 0, 0)]).toEqual([
        -ENOENT,
        -ENOENT,
        -ENOENT,
      ]);
      expect([mount(), mount()]).toEqual([0, -EBUSY]);
      filp = kernel.open(0);
      expect([kernel.size(filp), ...kernel.blocks(filp, 2)]).toEqual(before);
      expect(kernel.call('sys_pread', filp, PAGE)).toBe(8);
      expect(kernel.open(1)).toBe(-ENOENT);
    });

    it('has the pages forget their file', () => {
      const mm = kernel.process();
      const m = kernel.map(mm, filp, 1);
      kernel.store(mm, m, 1);
      const { mapping } = kernel.machine.memory.of(page);
      const { entry } = kernel.machine.memory.of(i_pages);
      const slot = kernel.inodeOf(filp) * FILE_PAGES;
      const [block = -1] = kernel.blocks(filp, 1);
      expect([mapping.get(DEVICE_PFN + block) !== 0, entry.get(slot) !== 0]).toEqual([true, true]);
      kernel.call('sys_munmap', mm, m, PAGE);
      kernel.call('fput', filp);
      expect(umount()).toBe(0);
      expect([mapping.get(DEVICE_PFN + block), entry.get(slot)]).toEqual([0, 0]);
      expect(kernel.warnings).toEqual([]);
    });

    it('makes durable what was not', () => {
      const mm = kernel.process();
      const m = kernel.map(mm, filp, 1);
      kernel.store(mm, m, 7);
      kernel.call('sys_munmap', mm, m, PAGE);
      kernel.call('fput', filp);
      umount();
      kernel.losePower();
      mount();
      expect(kernel.call('sys_pread', kernel.open(0), 0)).toBe(7);
    });

    it(`${scheme === 'refcount' ? 'waits for a pin' : 'warns of a pin and goes on'}, with the mount point empty already`, () => {
      const pin = pinAndClose();
      const unmounting = kernel.thread(1, 'fs_umount', 0);
      advance(unmounting);
      expect(unmounting.blocked).toBe(scheme === 'refcount');
      kernel.machine.cpu = 0;
      expect([umount(), kernel.open(0)]).toEqual([-EINVAL, -ENOENT]);
      const mounting = kernel.thread(2, 'fs_mount', 0, kind, 0);
      advance(mounting);
      expect(mounting.blocked).toBe(scheme === 'refcount');
      kernel.machine.cpu = 0;
      kernel.call('unpin_pages', pin);
      if (scheme === 'refcount') advance(unmounting);
      if (scheme === 'refcount') advance(mounting);
      expect([unmounting.result, mounting.result]).toEqual([0, 0]);
      expect(kernel.warnings).toEqual(
        scheme === 'refcount' ? [] : ['dax_disassociate_entry: somebody holds a page that is truncated'],
      );
    });

    it('is refused while another one is trying, which follows the same path', () => {
      kernel.call('fput', filp);
      const other = kernel.thread(1, 'fs_umount', 0);
      other.step();
      kernel.machine.cpu = 0;
      expect(umount()).toBe(-EBUSY);
      advance(other);
      expect([other.done, other.result]).toEqual([true, 0]);
    });

    it('is over at once where the file system is mounted again before it is shut down', () => {
      const pin = pinAndClose();
      const unmounting = kernel.thread(1, 'fs_umount', 0);
      unmounting.step();
      unmounting.step();
      kernel.machine.cpu = 0;
      expect(kernel.open(0)).toBe(-ENOENT);
      expect(mount()).toBe(0);
      advance(unmounting);
      expect([unmounting.done, unmounting.result, kernel.warnings]).toEqual([true, 0, []]);
      kernel.machine.cpu = 0;
      expect(kernel.open(0)).toBeGreaterThan(0);
      expect(kernel.call('unpin_pages', pin)).toBe(0);
    });

    it('needs no device, but mounting does', () => {
      kernel.call('fput', filp);
      kernel.call('pmem_unbind', 0);
      expect([umount(), mount()]).toEqual([0, -ENOENT]);
      kernel.call('pmem_attach', 0);
      expect(kernel.open(0)).toBe(-ENOENT);
      expect(mount()).toBe(0);
      expect(kernel.open(0)).toBeGreaterThan(0);
    });
  });
});
