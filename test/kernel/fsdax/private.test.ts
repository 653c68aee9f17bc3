import { beforeEach, describe, expect, it } from 'vitest';
import { page } from '../../../src/kernel/state/page.ts';
import { PAGE } from '../fs/fileKernel.ts';
import { AT, FaultKernel } from './faultKernel.ts';

describe.each(['devmap', 'refcount'] as const)(
  'a private mapping of a DAX file under the %s scheme',
  (scheme) => {
    const counted = scheme === 'refcount';
    const idle = counted ? 0 : 1;

    describe.each(['ext4', 'xfs'] as const)('on %s', (fileSystem) => {
      let kernel: FaultKernel;
      let mm: number;
      let block: number;

      beforeEach(() => {
        kernel = new FaultKernel(scheme, fileSystem, 4, 3);
        mm = kernel.process();
        kernel.mapAt(mm, AT, 4, { private: true });
        [block = -1] = kernel.blocks(kernel.filp, 1);
        kernel.setDeviceByte(block, 9);
      });

      it('shares what it only reads', () => {
        expect(kernel.load(mm, AT)).toBe(9);
        expect(kernel.counts(block)).toMatchObject({ refcount: 1, mapcount: counted ? 1 : 0 });
        expect(kernel.copies()).toEqual([]);
      });

      it('gets a copy at the first write, and lets go of the page of the file', () => {
        kernel.load(mm, AT);
        expect(kernel.store(mm, AT, 3)).toBe(0);
        expect([kernel.load(mm, AT), kernel.deviceByte(block)]).toEqual([3, 9]);
        expect(kernel.counts(block)).toMatchObject({ refcount: idle, mapcount: 0 });
        expect(kernel.copies()).toEqual([1]);
        expect(kernel.rss(mm)).toEqual({ file: 0, anon: 1 });
        expect(kernel.leaf(mm, AT)?.flags).toEqual(expect.arrayContaining(['rw', 'dirty']));
        expect(kernel.marks(0)).toBe(0);
      });

      it('gets a copy of the block, or of zeros, where nothing was mapped before', () => {
        expect([kernel.store(mm, AT, 3), kernel.store(mm, AT + 3, 4)]).toEqual([0, 0]);
        expect(kernel.call('cpu_load', mm, AT * PAGE + 1)).toBe(0);
        expect([kernel.load(mm, AT), kernel.load(mm, AT + 3)]).toEqual([3, 4]);
        expect(kernel.blocks(kernel.filp, 4)[3]).toBe(-1);
        expect(kernel.rss(mm)).toEqual({ file: 0, anon: 2 });
      });

      it('keeps its copies when the file loses the page, unless it ends before it', () => {
        kernel.store(mm, AT, 3);
        kernel.call('sys_fallocate', kernel.filp, 3, 0, PAGE);
        expect(kernel.load(mm, AT)).toBe(3);
        kernel.call('sys_ftruncate', kernel.filp, 0);
        expect(kernel.load(mm, AT)).toBe(-1007);
        expect(kernel.copies()).toEqual([]);
      });

      it('gives its copies back when it goes', () => {
        kernel.store(mm, AT, 3);
        kernel.call('sys_munmap', mm, AT * PAGE, 4 * PAGE);
        expect(kernel.copies()).toEqual([]);
        expect(kernel.rss(mm)).toEqual({ file: 0, anon: 0 });
      });

      it('takes for a copy no page that nobody has freed yet, though its last reference is gone', () => {
        kernel.store(mm, AT, 3);
        const dropped = kernel.leaf(mm, AT)?.pfn ?? -1;
        kernel.machine.memory.of(page)._refcount.set(dropped, 0);
        kernel.store(mm, AT + 1, 4);
        const copy = kernel.leaf(mm, AT + 1)?.pfn ?? -1;
        expect(copy).not.toBe(dropped);
        kernel.call('__folio_put', dropped);
        expect(kernel.load(mm, AT + 1)).toBe(4);
        kernel.store(mm, AT + 2, 5);
        expect(kernel.leaf(mm, AT + 2)?.pfn).toBe(dropped);
      });

      it('shares its copies with a child until one of them writes', () => {
        kernel.store(mm, AT, 3);
        kernel.load(mm, AT + 1);
        const child = kernel.call('dup_mm', mm);
        expect(kernel.copies()).toEqual([2]);
        expect(kernel.leaf(mm, AT)?.flags).not.toContain('rw');
        expect(kernel.leaf(child, AT)?.pfn).toBe(kernel.leaf(mm, AT)?.pfn);
        expect(kernel.counts(kernel.blocks(kernel.filp, 2)[1] ?? -1)).toMatchObject({
          refcount: counted ? 2 : 1,
          mapcount: counted ? 2 : 0,
        });
        kernel.machine.cpu = 1;
        kernel.call('activate_mm', child);
        expect([kernel.load(child, AT), kernel.store(child, AT, 4)]).toEqual([3, 0]);
        expect(kernel.copies()).toEqual([1, 1]);
        kernel.machine.cpu = 0;
        expect([kernel.load(mm, AT), kernel.store(mm, AT, 5), kernel.load(mm, AT)]).toEqual([3, 0, 5]);
        expect(kernel.copies()).toEqual([1, 1]);
        kernel.machine.cpu = 1;
        expect(kernel.load(child, AT)).toBe(4);
        kernel.call('mmput', child);
        expect(kernel.copies()).toEqual([1]);
        expect(kernel.warnings).toEqual([]);
      });

      it('keeps a copy to itself that it has pinned, and gives a child another at once', () => {
        kernel.store(mm, AT, 3);
        expect(kernel.call('pin_user_pages_fast', mm, AT, 1, 0)).toBe(1);
        expect(kernel.copies()).toEqual([1025]);
        const child = kernel.call('dup_mm', mm);
        expect(kernel.copies()).toEqual([1025, 1]);
        expect(kernel.leaf(mm, AT)?.flags).toContain('rw');
        kernel.call('unpin_user_pages');
        kernel.machine.cpu = 1;
        kernel.call('activate_mm', child);
        expect(kernel.load(child, AT)).toBe(3);
      });

      it('makes a shared copy its own before it is pinned for reading', () => {
        kernel.store(mm, AT, 3);
        const child = kernel.call('dup_mm', mm);
        const shared = kernel.leaf(child, AT)?.pfn;
        expect(kernel.call('pin_user_pages_fast', mm, AT, 1, 0)).toBe(1);
        expect(kernel.leaf(mm, AT)?.pfn).not.toBe(shared);
        expect(kernel.leaf(mm, AT)?.flags).not.toContain('rw');
        expect(kernel.copies().sort((one, other) => one - other)).toEqual([1, 1025]);
        expect([kernel.load(mm, AT), kernel.store(mm, AT, 4)]).toEqual([3, 0]);
        expect(kernel.copies().sort((one, other) => one - other)).toEqual([1, 1025]);
        kernel.call('unpin_user_pages');
        kernel.machine.cpu = 1;
        kernel.call('activate_mm', child);
        expect(kernel.load(child, AT)).toBe(3);
      });

      it('has its copies wherever it is moved, and a child of it too', () => {
        kernel.store(mm, AT, 3);
        expect(kernel.call('sys_mremap', mm, AT * PAGE, PAGE, PAGE, 3, (AT + 64) * PAGE)).toBe(
          (AT + 64) * PAGE,
        );
        expect(kernel.load(mm, AT + 64)).toBe(3);
        const child = kernel.call('dup_mm', mm);
        expect(kernel.leaf(child, AT + 64)?.pfn).toBe(kernel.leaf(mm, AT + 64)?.pfn);
      });

      it('copies nothing for a child where nothing was written', () => {
        kernel.load(mm, AT);
        const child = kernel.call('dup_mm', mm);
        expect(kernel.leaf(child, AT)).toBeUndefined();
      });
    });

    it('gives up an entry of 2 MiB for the page that is written', () => {
      const kernel = new FaultKernel(scheme, 'ext4', 512);
      const mm = kernel.process();
      kernel.mapAt(mm, AT, 512, { private: true });
      expect(kernel.load(mm, AT)).toBe(0);
      expect(kernel.leaf(mm, AT)?.level).toBe('pmd');
      expect(kernel.store(mm, AT, 3)).toBe(0);
      expect(kernel.leaf(mm, AT)?.level).toBe('pte');
      expect(kernel.rss(mm)).toEqual({ file: 0, anon: 1 });
      expect(kernel.load(mm, AT + 1)).toBe(0);
      expect(kernel.rss(mm)).toEqual({ file: counted ? 1 : 0, anon: 1 });
    });
  },
);
