import { beforeEach, describe, expect, it } from 'vitest';
import {
  DAX_EMPTY,
  DAX_LOCKED,
  DAX_PMD,
  DAX_ZERO_PAGE,
  PAGECACHE_TAG_DIRTY,
} from '../../../src/kernel/state/address_space.ts';
import { I_DIRTY_DATASYNC, inode } from '../../../src/kernel/state/inode.ts';
import { DEVICE_PFN, PAGE } from '../fs/fileKernel.ts';
import { AT, FaultKernel } from './faultKernel.ts';

/** MAP_SHARED_VALIDATE, MAP_FIXED and MAP_SYNC. */
const MAP_SYNC_SHARED = 3 | 16 | 0x80000;

const SIGBUS = -1007;
const SIGSEGV = -1011;

describe.each(['devmap', 'refcount'] as const)('a fault in a DAX file under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount';
  const idle = counted ? 0 : 1;
  const own = counted ? [] : ['special', 'devmap'];

  describe.each(['ext4', 'xfs'] as const)('on %s, of single pages', (fileSystem) => {
    let kernel: FaultKernel;
    let mm: number;

    beforeEach(() => {
      kernel = new FaultKernel(scheme, fileSystem, 6, 4);
      mm = kernel.process();
      kernel.mapAt(mm, AT, 6);
    });

    it('maps what is read for reading alone, and counts as the scheme does', () => {
      const [block = -1] = kernel.blocks(kernel.filp, 1);
      kernel.setDeviceByte(block, 9);
      expect(kernel.load(mm, AT)).toBe(9);
      const leaf = kernel.leaf(mm, AT);
      expect(leaf).toMatchObject({ level: 'pte', pfn: DEVICE_PFN + block });
      expect(leaf?.flags).toEqual(expect.arrayContaining(own));
      expect(leaf?.flags).not.toContain('rw');
      expect(leaf?.flags).not.toContain('dirty');
      expect(leaf?.flags.includes('devmap')).toBe(!counted);
      expect(kernel.counts(block)).toMatchObject({ refcount: 1, mapcount: counted ? 1 : 0 });
      expect(kernel.rss(mm)).toEqual({ file: counted ? 1 : 0, anon: 0 });
      expect(kernel.entry(0)).toBe((DEVICE_PFN + block) * 16);
      expect(kernel.marks(0)).toBe(0);
    });

    it('makes what was read writable at the first write, counts nothing more, and knows that it is dirty', () => {
      const [block = -1] = kernel.blocks(kernel.filp, 1);
      kernel.load(mm, AT);
      expect(kernel.store(mm, AT, 7)).toBe(0);
      expect(kernel.deviceByte(block)).toBe(7);
      const flags = kernel.leaf(mm, AT)?.flags ?? [];
      expect(flags).toEqual(expect.arrayContaining(['rw', 'dirty', ...own]));
      expect(flags.includes('soft_dirty')).toBe(!counted);
      expect(kernel.counts(block)).toMatchObject({ refcount: 1, mapcount: counted ? 1 : 0 });
      expect(kernel.marks(0)).toBe(PAGECACHE_TAG_DIRTY);
    });

    it('maps what is written for writing, dirty in both senses', () => {
      kernel.store(mm, AT, 7);
      expect(kernel.leaf(mm, AT)?.flags).toEqual(expect.arrayContaining(['rw', 'dirty', 'soft_dirty']));
    });

    it('keeps the entry when all mappings go, and the page is idle again', () => {
      const [block = -1] = kernel.blocks(kernel.filp, 1);
      kernel.store(mm, AT, 7);
      kernel.call('sys_munmap', mm, AT * PAGE, 6 * PAGE);
      expect(kernel.counts(block)).toMatchObject({ refcount: idle, mapcount: 0 });
      expect(kernel.entry(0)).toBe((DEVICE_PFN + block) * 16);
      expect(kernel.rss(mm)).toEqual({ file: 0, anon: 0 });
    });

    it('maps zeros where a hole is read, which nothing counts, and a block once it is written', () => {
      expect(kernel.load(mm, AT + 4)).toBe(0);
      expect(kernel.leaf(mm, AT + 4)).toMatchObject({ level: 'pte', pfn: 1 });
      expect(kernel.leaf(mm, AT + 4)?.flags).toContain('special');
      expect(kernel.leaf(mm, AT + 4)?.flags).not.toContain('devmap');
      expect(kernel.entry(4) & 15).toBe(DAX_ZERO_PAGE);
      expect(kernel.rss(mm).file).toBe(0);
      expect(kernel.store(mm, AT + 4, 3)).toBe(0);
      const block = kernel.blocks(kernel.filp, 5)[4] ?? -1;
      expect(kernel.leaf(mm, AT + 4)?.pfn).toBe(DEVICE_PFN + block);
      expect(kernel.entry(4)).toBe((DEVICE_PFN + block) * 16);
      expect([kernel.load(mm, AT + 4), kernel.deviceByte(block, 1)]).toEqual([3, 0]);
      expect(kernel.counts(block).refcount).toBe(1);
    });

    it('takes zeros away from everyone who maps a hole that somebody writes to', () => {
      kernel.load(mm, AT + 4);
      const other = kernel.process(1);
      kernel.mapAt(other, AT, 6);
      kernel.store(other, AT + 4, 3);
      expect(kernel.leaf(mm, AT + 4)).toBeUndefined();
      kernel.machine.cpu = 0;
      expect(kernel.load(mm, AT + 4)).toBe(3);
    });

    it('is answered with SIGBUS behind the end of the file', () => {
      kernel.call('sys_ftruncate', kernel.filp, 2 * PAGE);
      expect([kernel.load(mm, AT + 1), kernel.load(mm, AT + 2), kernel.store(mm, AT + 2, 1)]).toEqual([
        0,
        SIGBUS,
        SIGBUS,
      ]);
      expect(kernel.entry(2)).toBe(0);
    });

    it('counts a mapping of each process', () => {
      const [block = -1] = kernel.blocks(kernel.filp, 1);
      const other = kernel.process(1);
      kernel.mapAt(other, AT, 6);
      kernel.load(other, AT);
      kernel.machine.cpu = 0;
      kernel.store(mm, AT, 5);
      expect(kernel.counts(block)).toMatchObject({ refcount: counted ? 2 : 1, mapcount: counted ? 2 : 0 });
    });

    it('through a MAP_SYNC mapping leaves nothing to be lost of a block that a write got', () => {
      const address = (AT + 64) * PAGE;
      kernel.call('sys_mmap', mm, kernel.filp, address, 6 * PAGE, 3, MAP_SYNC_SHARED, 0);
      expect(kernel.store(mm, AT + 64 + 5, 8)).toBe(0);
      const { i_state } = kernel.machine.memory.of(inode);
      expect(i_state.get(kernel.inodeOf(kernel.filp)) & I_DIRTY_DATASYNC).toBe(0);
      expect(kernel.leaf(mm, AT + 64 + 5)?.flags).toEqual(expect.arrayContaining(['rw', 'dirty']));
      expect(kernel.marks(5)).toBe(PAGECACHE_TAG_DIRTY);
      expect(kernel.store(mm, AT + 4, 8)).toBe(0);
      expect(i_state.get(kernel.inodeOf(kernel.filp)) & I_DIRTY_DATASYNC).not.toBe(0);
    });

    it('may not write to a mapping for reading', () => {
      kernel.mapAt(mm, AT + 600, 2, { readOnly: true });
      expect([kernel.load(mm, AT + 600), kernel.store(mm, AT + 600, 1)]).toEqual([0, SIGSEGV]);
    });
  });

  describe.each(['ext4', 'xfs'] as const)('on %s, of 2 MiB', (fileSystem) => {
    let kernel: FaultKernel;
    let mm: number;
    let block: number;

    beforeEach(() => {
      kernel = new FaultKernel(scheme, fileSystem, 1024, 512);
      mm = kernel.process();
      kernel.mapAt(mm, AT, 1024);
      [block = -1] = kernel.blocks(kernel.filp, 1);
    });

    it('maps a whole extent by one entry, of one folio or of 512 pages that know nothing of each other', () => {
      expect(kernel.load(mm, AT + 5)).toBe(0);
      expect(kernel.leaf(mm, AT + 5)).toMatchObject({ level: 'pmd', pfn: DEVICE_PFN + block });
      expect(kernel.leaf(mm, AT + 5)?.flags.includes('devmap')).toBe(!counted);
      expect(kernel.leaf(mm, AT + 5)?.flags).not.toContain('special');
      expect(kernel.leaf(mm, AT + 5)?.flags).not.toContain('rw');
      expect(kernel.entry(0)).toBe((DEVICE_PFN + block) * 16 + DAX_PMD);
      expect(kernel.order(block)).toBe(counted ? 9 : 0);
      expect(kernel.counts(block)).toMatchObject(
        counted ? { refcount: 1, entire: 1, large: 1 } : { refcount: 1, mapcount: 0 },
      );
      expect(kernel.counts(block + 5).refcount).toBe(counted ? 0 : 1);
      expect(kernel.rss(mm).file).toBe(counted ? 512 : 0);
    });

    it('keeps the folio whole when the last mapping goes, and makes small pages of it when the file does', () => {
      kernel.store(mm, AT, 1);
      kernel.call('sys_munmap', mm, AT * PAGE, 1024 * PAGE);
      expect(kernel.counts(block).refcount).toBe(idle);
      expect(kernel.order(block)).toBe(counted ? 9 : 0);
      kernel.call('sys_ftruncate', kernel.filp, 0);
      expect(kernel.order(block)).toBe(0);
      expect(kernel.entry(0)).toBe(0);
      expect(kernel.warnings).toEqual([]);
    });

    it('maps one page of such a folio by a PTE where no more fits', () => {
      kernel.load(mm, AT);
      kernel.mapAt(mm, AT + 2048, 3);
      kernel.load(mm, AT + 2049);
      expect(kernel.leaf(mm, AT + 2049)).toMatchObject({ level: 'pte', pfn: DEVICE_PFN + block + 1 });
      expect(kernel.entry(0)).toBe((DEVICE_PFN + block) * 16 + DAX_PMD);
      if (!counted) return;
      expect(kernel.counts(block)).toMatchObject({ refcount: 2, entire: 1, large: 2 });
      expect(kernel.counts(block + 1)).toMatchObject({ refcount: 0, mapcount: 1 });
    });

    it('drops the whole entry where a part is unmapped, and then maps page by page', () => {
      kernel.store(mm, AT, 1);
      kernel.call('sys_munmap', mm, (AT + 3) * PAGE, PAGE);
      expect(kernel.leaf(mm, AT)).toBeUndefined();
      expect(kernel.counts(block).refcount).toBe(idle);
      expect(kernel.load(mm, AT)).toBe(1);
      expect(kernel.leaf(mm, AT)?.level).toBe('pte');
      if (counted)
        expect(kernel.counts(block)).toMatchObject({ refcount: 1, mapcount: 1, entire: 0, large: 1 });
    });

    it('maps 2 MiB of zeros where a hole is read, and the block once it is written', () => {
      expect(kernel.load(mm, AT + 520)).toBe(0);
      expect(kernel.leaf(mm, AT + 520)).toMatchObject({ level: 'pmd', pfn: 512 });
      expect(kernel.leaf(mm, AT + 520)?.flags.includes('special')).toBe(counted);
      expect(kernel.entry(512) & 15).toBe(DAX_PMD | DAX_ZERO_PAGE);
      expect(kernel.rss(mm).file).toBe(0);
      expect(kernel.store(mm, AT + 520, 4)).toBe(0);
      expect(kernel.leaf(mm, AT + 520)?.pfn).not.toBe(512);
      expect(kernel.load(mm, AT + 520)).toBe(4);
      expect(kernel.entry(512) & (DAX_ZERO_PAGE | DAX_EMPTY | DAX_LOCKED)).toBe(0);
      expect(kernel.warnings).toEqual([]);
    });

    it('makes way for a page where a hole of 2 MiB was read through another mapping', () => {
      kernel.load(mm, AT + 520);
      const other = kernel.process(1);
      kernel.mapAt(other, AT + 1, 1023);
      expect(kernel.load(other, AT + 1 + 520)).toBe(0);
      expect(kernel.leaf(other, AT + 1 + 520)).toMatchObject({ level: 'pte', pfn: 1 });
      expect(kernel.leaf(mm, AT + 520)).toBeUndefined();
      expect(kernel.entry(512)).toBe(0);
      expect(kernel.entry(520) & 15).toBe(DAX_ZERO_PAGE);
    });
  });
});
