import { describe, expect, it } from 'vitest';
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE } from '../../../src/kernel/common/include/fcntl.ts';
import { inode } from '../../../src/kernel/state/inode.ts';
import { advance } from '../support/advance.ts';
import { FileKernel, PAGE } from './fileKernel.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

describe.each(['devmap', 'refcount'] as const)('who takes blocks away waits for pins, under %s', (scheme) => {
  describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
    /** A file of two pages, mapped and pinned for writing as a whole. */
    const setUp = (): { kernel: FileKernel; filp: number; mm: number; m: number; pin: number } => {
      const kernel = new FileKernel(scheme, fileSystem);
      const filp = kernel.create(0, 2);
      const mm = kernel.process();
      const m = kernel.map(mm, filp, 2);
      const pin = kernel.call('pin_pages', mm, m, 2 * PAGE, 1, 0);
      expect(pin).toBeGreaterThan(0);
      return { kernel, filp, mm, m, pin };
    };

    it.each([
      ['ftruncate', 'sys_ftruncate', [PAGE]],
      ['a hole punch', 'sys_fallocate', [PUNCH, 0, PAGE]],
    ] as const)('%s keeps its blocks until the last pin is gone', (_name, call, args) => {
      const { kernel, filp, pin } = setUp();
      const cut = kernel.thread(1, call, filp, ...args);
      advance(cut);
      expect(cut.blocked).toBe(true);
      expect(kernel.blocks(filp, 2)).toEqual([0, 1]);
      expect(kernel.call('unpin_pages', pin)).toBe(0);
      advance(cut);
      expect([cut.done, cut.result]).toEqual([true, 0]);
      expect(kernel.blocks(filp, 2)).toEqual(call === 'sys_ftruncate' ? [0, -1] : [-1, 1]);
      expect(kernel.warnings).toEqual([]);
    });

    it('faults go on while it sleeps, and it looks at all pages again', () => {
      const { kernel, filp, mm, m, pin } = setUp();
      const cut = kernel.thread(1, 'sys_ftruncate', filp, 0);
      advance(cut);
      kernel.machine.cpu = 0;
      expect(kernel.store(mm, m + PAGE, 3)).toBe(0);
      const second = kernel.call('pin_pages', mm, m + PAGE, PAGE, 1, 0);
      kernel.call('unpin_pages', pin);
      advance(cut);
      expect(cut.blocked).toBe(true);
      kernel.call('unpin_pages', second);
      advance(cut);
      expect([cut.done, kernel.size(filp)]).toEqual([true, 0]);
      expect(kernel.blocks(filp, 2)).toEqual([-1, -1]);
    });

    it('writers wait for it all the time, since it keeps i_rwsem', () => {
      const { kernel, filp, pin } = setUp();
      const cut = kernel.thread(1, 'sys_ftruncate', filp, 0);
      advance(cut);
      const writer = kernel.thread(2, 'sys_pwrite', filp, 0, 1);
      advance(writer);
      expect(writer.blocked).toBe(true);
      kernel.machine.cpu = 0;
      kernel.call('unpin_pages', pin);
      advance(cut);
      advance(writer);
      expect([cut.done, writer.done, kernel.size(filp)]).toEqual([true, true, 1]);
    });

    it('read, write and fsync wait for no pin', () => {
      const { kernel, filp, pin } = setUp();
      expect(kernel.call('sys_pwrite', filp, 0, 5)).toBe(0);
      expect(kernel.call('sys_pread', filp, 0)).toBe(5);
      expect(kernel.call('sys_fsync', filp)).toBe(0);
      expect(kernel.call('unpin_pages', pin)).toBe(0);
    });

    it(`eviction ${scheme === 'devmap' ? 'waits for nobody, and is warned' : 'waits'}`, () => {
      const { kernel, filp, mm, m, pin } = setUp();
      kernel.call('sys_unlink', 0, 0);
      kernel.call('fput', filp);
      const last = kernel.thread(0, 'sys_munmap', mm, m, 2 * PAGE);
      advance(last);
      const file = kernel.machine.memory.of(inode).i_sb.get(17);
      if (scheme === 'devmap') {
        expect([last.done, file]).toEqual([true, 0]);
        expect(kernel.warnings.length).toBeGreaterThan(0);
        return;
      }
      expect([last.blocked, file]).toEqual([true, 1]);
      kernel.machine.cpu = 1;
      kernel.call('unpin_pages', pin);
      advance(last);
      expect([last.done, kernel.machine.memory.of(inode).i_sb.get(17)]).toEqual([true, 0]);
      expect(kernel.warnings).toEqual([]);
    });
  });

  it('a truncation of a file that nobody maps any more does not wait up to 6.14 (fs-truncate-spliced-unmapped)', () => {
    const kernel = new FileKernel(scheme, 'ext4');
    const filp = kernel.create(0, 1);
    const mm = kernel.process();
    const m = kernel.map(mm, filp, 1);
    const held = kernel.call('get_pages', mm, m, PAGE, 1);
    kernel.call('sys_munmap', mm, m, PAGE);
    const cut = kernel.thread(1, 'sys_ftruncate', filp, 0);
    advance(cut);
    expect(cut.done).toBe(scheme === 'devmap');
    kernel.machine.cpu = 0;
    kernel.call('put_pages', held);
    if (!cut.done) advance(cut);
    expect([cut.done, kernel.size(filp)]).toEqual([true, 0]);
    expect(kernel.warnings.length).toBe(scheme === 'devmap' ? 1 : 0);
  });

  it('FICLONE waits for the pins of both files, and does not keep the second while it waits for the first', () => {
    const kernel = new FileKernel(scheme, 'xfs');
    const f = kernel.create(0, 1);
    const g = kernel.create(1, 1);
    const mm = kernel.process();
    const a = kernel.map(mm, f, 1);
    const b = kernel.map(mm, g, 1);
    const pin = kernel.call('pin_pages', mm, a, PAGE, 1, 0);
    const clone = kernel.thread(1, 'sys_ficlone', g, f);
    advance(clone);
    expect(clone.blocked).toBe(true);
    kernel.machine.cpu = 0;
    expect(kernel.load(mm, b)).toBe(0);
    kernel.call('unpin_pages', pin);
    advance(clone);
    expect([clone.done, clone.result]).toEqual([true, 0]);
    expect(kernel.blocks(g, 1)).toEqual(kernel.blocks(f, 1));
  });
});
