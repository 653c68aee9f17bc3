import { beforeEach, describe, expect, it } from 'vitest';
import { address_space, DAX_PMD, FILE_PAGES, i_pages } from '../../../src/kernel/state/address_space.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { DEVICE_PFN, PAGE } from '../fs/fileKernel.ts';
import { AT, FaultKernel } from './faultKernel.ts';

/** Where the mappings of single pages begin, in pages. */
const SMALL = AT + 4096;

const READ = 1;
const SHARED_FIXED = 1 | 16;
const SIGBUS = -1007;

describe.each(['devmap', 'refcount'] as const)('a shared unit under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount';
  let kernel: FaultKernel;
  let mm: number;
  let other: number;

  beforeEach(() => {
    kernel = new FaultKernel(scheme, 'xfs', 512);
    other = kernel.create(1);
    expect(kernel.call('sys_ficlone', other, kernel.filp)).toBe(0);
    mm = kernel.process();
  });

  /** Maps pages of a file for reading from page `index` on. */
  function map(filp: number, at: number, index: number, pages: number): void {
    kernel.call('sys_mmap', mm, filp, at * PAGE, pages * PAGE, READ, SHARED_FIXED, index * PAGE);
  }

  function orderOfSlot(index: number): number {
    return kernel.machine.memory.of(i_pages).order.get(kernel.inodeOf(kernel.filp) * FILE_PAGES + index);
  }

  function nrpages(filp: number): number {
    return kernel.machine.memory.of(address_space).nrpages.get(kernel.inodeOf(filp));
  }

  function share(block: number): number {
    return kernel.machine.memory.of(page).share.get(DEVICE_PFN + block);
  }

  describe('mapped as a unit, then as single pages', () => {
    beforeEach(() => {
      map(kernel.filp, AT, 0, 512);
      map(kernel.filp, SMALL, 5, 2);
      kernel.load(mm, AT);
      expect([kernel.entry(0) & DAX_PMD, orderOfSlot(0), nrpages(kernel.filp)]).toEqual([DAX_PMD, 9, 512]);
    });

    it('has the entry of the page that was touched last, in the slot of all', () => {
      const [first = -1] = kernel.blocks(kernel.filp, 1);
      for (const index of [5, 6]) {
        kernel.load(mm, SMALL + index - 5);
        expect([kernel.entry(0), kernel.entry(index)]).toEqual([(DEVICE_PFN + first + index) * 16, 0]);
        expect([orderOfSlot(0), nrpages(kernel.filp)]).toEqual([9, 512]);
      }
      expect(kernel.warnings.filter((text) => /locked/.test(text))).toEqual([]);
    });

    it('is counted as 512 pages when it goes as one', () => {
      kernel.load(mm, SMALL);
      kernel.call('sys_munmap', mm, AT * PAGE, 512 * PAGE);
      kernel.call('sys_munmap', mm, SMALL * PAGE, 2 * PAGE);
      kernel.call('sys_ftruncate', kernel.filp, 0);
      expect([kernel.entry(0), orderOfSlot(0), nrpages(kernel.filp)]).toEqual([0, 0, 511]);
      kernel.call('fput', kernel.filp);
      expect(kernel.warnings).toEqual([]);
      kernel.call('sys_unlink', 0, 0);
      expect(kernel.warnings).toEqual(['clear_inode: kernel BUG, the file still counts pages']);
    });
  });

  it('is one folio of both files, though one has a page of it alone', () => {
    map(kernel.filp, AT, 0, 512);
    map(other, SMALL, 5, 1);
    kernel.load(mm, AT);
    kernel.load(mm, SMALL);
    const [first = -1] = kernel.blocks(kernel.filp, 1);
    expect(kernel.counts(first)).toMatchObject(
      counted ? { refcount: 2, large: 2, entire: 1 } : { refcount: 1 },
    );
    expect([share(first), share(first + 5)]).toEqual(counted ? [2, 0] : [1, 2]);
    const ofAnotherOrder = 'dax_associate_entry: the folio is of another order';
    expect(kernel.warnings).toEqual(counted ? [ofAnotherOrder] : []);
    kernel.call('sys_ftruncate', kernel.filp, 0);
    expect(kernel.order(first)).toBe(counted ? 9 : 0);
    kernel.call('sys_ftruncate', other, 0);
    expect([kernel.order(first), share(first), share(first + 5)]).toEqual([0, 0, 0]);
  });

  it('cannot be mapped as a unit while another file has its first page', () => {
    map(other, SMALL, 0, 1);
    map(kernel.filp, AT, 0, 512);
    kernel.load(mm, SMALL);
    expect(kernel.load(mm, AT + 7)).toBe(counted ? SIGBUS : 0);
    expect(kernel.leaf(mm, AT)?.level).toBe(counted ? undefined : 'pmd');
  });

  it('counts anew what its folio counts, whoever holds a page of it', () => {
    map(other, SMALL, 5, 1);
    map(kernel.filp, AT, 0, 512);
    kernel.load(mm, SMALL);
    const [first = -1] = kernel.blocks(kernel.filp, 1);
    const { _pincount } = kernel.machine.memory.of(page);
    _pincount.set(DEVICE_PFN + first, 3);
    kernel.load(mm, AT);
    expect(kernel.counts(first)).toMatchObject(counted ? { refcount: 1, large: 1 } : { refcount: 1 });
    expect(kernel.counts(first + 5)).toMatchObject({ refcount: 1, mapcount: counted ? 1 : 0 });
    if (counted) expect(_pincount.get(DEVICE_PFN + first)).toBe(0);
    kernel.call('sys_munmap', mm, SMALL * PAGE, PAGE);
    kernel.call('sys_munmap', mm, AT * PAGE, 512 * PAGE);
    expect(kernel.counts(first)).toMatchObject(counted ? { refcount: -1, large: -1 } : { refcount: 1 });
  });
});
