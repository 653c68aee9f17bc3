import { describe, expect, it } from 'vitest';
import { EBADF, EINVAL, EIO, EOPNOTSUPP } from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import { IOMAP_WRITE } from '../../../src/kernel/common/include/iomap.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

describe.each(['devmap', 'refcount'] as const)('FICLONE under %s', (scheme) => {
  const make = (): { kernel: FileKernel; f: number; g: number } => {
    const kernel = new FileKernel(scheme, 'xfs');
    const f = kernel.create(0, 2);
    kernel.call('sys_pwrite', f, 0, 1);
    kernel.call('sys_pwrite', f, PAGE + 1, 2);
    return { kernel, f, g: kernel.create(1) };
  };

  it('lets two files share their blocks', () => {
    const { kernel, f, g } = make();
    expect(kernel.call('sys_ficlone', g, f)).toBe(0);
    expect(kernel.size(g)).toBe(2 * PAGE);
    expect(kernel.blocks(g, 2)).toEqual([0, 1]);
    expect(kernel.blocks(f, 2)).toEqual([0, 1]);
    expect(kernel.call('sys_pread', g, PAGE + 1)).toBe(2);
  });

  it('copies a block that is written through write(2), and only that one', () => {
    const { kernel, f, g } = make();
    kernel.call('sys_ficlone', g, f);
    expect(kernel.call('sys_pwrite', f, PAGE, 9)).toBe(0);
    expect(kernel.blocks(f, 2)).toEqual([0, 2]);
    expect(kernel.blocks(g, 2)).toEqual([0, 1]);
    expect([0, 1].map((offset) => kernel.call('sys_pread', f, PAGE + offset))).toEqual([9, 2]);
    expect([0, 1].map((offset) => kernel.call('sys_pread', g, PAGE + offset))).toEqual([0, 2]);
  });

  it('copies a block at the first store to it (fs-reflink-while-mapped)', () => {
    const { kernel, f, g } = make();
    const mm = kernel.process();
    const a = kernel.map(mm, f, 2);
    kernel.store(mm, a, 3);
    expect(kernel.call('sys_ficlone', g, f)).toBe(0);
    expect(kernel.store(mm, a, 4)).toBe(0);
    expect(kernel.blocks(f, 2)).toEqual([2, 1]);
    expect(kernel.load(mm, a)).toBe(4);
    expect(kernel.call('sys_pread', g, 0)).toBe(3);
    expect(kernel.warnings).toEqual([]);
  });

  it('writes in place what nobody else has any more', () => {
    const { kernel, f, g } = make();
    kernel.call('sys_ficlone', g, f);
    kernel.call('sys_ftruncate', g, 0);
    kernel.call('sys_pwrite', f, 0, 7);
    expect(kernel.blocks(f, 2)).toEqual([0, 1]);
  });

  it('frees shared blocks with the last file that has them', () => {
    const { kernel, f, g } = make();
    kernel.call('sys_ficlone', g, f);
    kernel.call('fput', f);
    kernel.call('sys_unlink', 0, 0);
    expect(kernel.blocks(kernel.create(2, 1), 1)).toEqual([2]);
    kernel.call('sys_ftruncate', g, 0);
    expect(kernel.blocks(kernel.create(3, 1), 1)).toEqual([0]);
  });

  it('frees what the target had, and leaves alone what it has behind the end of the source', () => {
    const { kernel, f } = make();
    const target = kernel.create(2, 3);
    expect(kernel.call('sys_ficlone', target, f)).toBe(0);
    expect(kernel.blocks(target, 3)).toEqual([0, 1, 4]);
    expect(kernel.size(target)).toBe(3 * PAGE);
    expect(kernel.blocks(kernel.create(3, 2), 2)).toEqual([2, 3]);
  });

  it.each([
    ['ends no copy', 1],
    ['gives no place for a copy back', 0],
  ])('%s once the file system is shut down, which begins no transaction any more', (_what, written) => {
    const { kernel, f, g } = make();
    kernel.call('sys_ficlone', g, f);
    const inode = kernel.inodeOf(f);
    expect(kernel.call('xfs_direct_write_iomap_begin', inode, 0, 1, IOMAP_WRITE)).toBe(0);
    const before = kernel.extents();
    kernel.call('fs_bdev_mark_dead', 0);
    expect(kernel.call('xfs_dax_write_iomap_end', inode, 0, 1, written)).toBe(-EIO);
    expect(kernel.extents()).toEqual(before);
  });

  it('zeroes the rest of a shared page in a copy of its own', () => {
    const { kernel, f, g } = make();
    kernel.call('sys_ficlone', g, f);
    expect(kernel.call('sys_ftruncate', g, PAGE + 1)).toBe(0);
    kernel.call('sys_ftruncate', g, 2 * PAGE);
    expect(kernel.call('sys_pread', g, PAGE + 1)).toBe(0);
    expect(kernel.call('sys_pread', f, PAGE + 1)).toBe(2);
  });

  it('refuses what ioctl_ficlone(2) says', () => {
    const { kernel, f, g } = make();
    expect(kernel.call('sys_ficlone', f, f)).toBe(-EINVAL);
    expect(kernel.call('sys_ficlone', 0, f)).toBe(-EBADF);
    expect(kernel.call('sys_ficlone', kernel.open(1, FMODE_READ), f)).toBe(-EBADF);
    expect(kernel.blocks(g, 1)).toEqual([-1]);
    const ext4 = new FileKernel(scheme, 'ext4');
    expect(ext4.call('sys_ficlone', ext4.create(1), ext4.create(0, 1))).toBe(-EOPNOTSUPP);
  });
});
