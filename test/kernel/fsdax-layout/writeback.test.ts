import { describe, expect, it } from 'vitest';
import { PAGECACHE_TAG_DIRTY } from '../../../src/kernel/state/address_space.ts';
import { advance, FILE, FileKernel } from './fileKernel.ts';

const AT = 6 * 262144;
const LAST = 2 ** 52 - 1;

/** Flags of a leaf that say who wrote or may write. */
function writing(kernel: FileKernel, mm: number, at: number): string[] {
  return (kernel.leaf(mm, at)?.flags ?? ['none']).filter((flag) => ['rw', 'dirty', 'none'].includes(flag));
}

function written(scheme: 'devmap' | 'refcount'): FileKernel {
  const kernel = new FileKernel(scheme);
  for (const mm of [2, 1]) {
    kernel.runIn(mm - 1, mm);
    kernel.mapFile(mm, AT, 2);
  }
  for (const index of [0, 1]) {
    kernel.addEntry(index, PAGECACHE_TAG_DIRTY);
    for (const mm of [1, 2]) kernel.mapPage(mm, AT + index, index);
  }
  return kernel;
}

describe.each(['devmap', 'refcount'] as const)('writing back, under %s', (scheme) => {
  it('leaves everything mapped, but clean and read-only, in every process', () => {
    const kernel = written(scheme);
    const before = kernel.refcount(0);
    expect(kernel.load(1, AT)).toBe(0);
    expect(kernel.cached(0, AT)).not.toBe(0);
    expect(kernel.call('dax_writeback_mapping_range', FILE, 0, 0)).toBe(0);
    expect([writing(kernel, 1, AT), writing(kernel, 2, AT)]).toEqual([[], []]);
    expect(writing(kernel, 1, AT + 1)).toEqual(['rw', 'dirty']);
    expect([kernel.marks(0), kernel.marks(1)]).toEqual([0, PAGECACHE_TAG_DIRTY]);
    expect(kernel.cached(0, AT)).toBe(0);
    expect([kernel.refcount(0), kernel.entry(0) & 1]).toEqual([before, 0]);
    kernel.call('dax_writeback_mapping_range', FILE, 0, LAST);
    expect([writing(kernel, 1, AT + 1), kernel.marks(1)]).toEqual([[], 0]);
    expect(kernel.warnings).toEqual([]);
  });

  it('cleans a huge page as one, and PTEs of the same page elsewhere', () => {
    const kernel = new FileKernel(scheme);
    kernel.runIn(0, 1);
    kernel.mapFile(1, AT, 512);
    kernel.addHugeEntry(0, PAGECACHE_TAG_DIRTY);
    kernel.mapHugePage(1, AT, 0);
    kernel.runIn(1, 2);
    kernel.mapFile(2, AT + 3, 1, 3);
    kernel.mapPage(2, AT + 3, 3);
    expect(kernel.call('dax_writeback_mapping_range', FILE, 5, 5)).toBe(0);
    expect(kernel.leaf(1, AT)?.level).toBe('pmd');
    expect([writing(kernel, 1, AT), writing(kernel, 2, AT + 3)]).toEqual([[], []]);
    expect(kernel.marks(0)).toBe(0);
    expect(kernel.warnings).toEqual([]);
  });

  it('leaves mappings of other pages alone', () => {
    const kernel = new FileKernel(scheme);
    kernel.runIn(0, 1);
    kernel.mapFile(1, AT, 2, 4);
    for (const index of [4, 5]) {
      kernel.addEntry(index, index === 5 ? PAGECACHE_TAG_DIRTY : 0);
      kernel.mapPage(1, AT + index - 4, index);
    }
    kernel.call('dax_writeback_mapping_range', FILE, 0, LAST);
    expect([writing(kernel, 1, AT), writing(kernel, 1, AT + 1)]).toEqual([['rw', 'dirty'], []]);
  });

  it('waits for a locked entry, and leaves it if it is clean by then', () => {
    const kernel = written(scheme);
    kernel.lockEntry(0);
    const writers = [2, 3].map((onCpu) => kernel.thread(onCpu, 'dax_writeback_mapping_range', FILE, 0, 0));
    for (const writer of writers) advance(writer);
    expect(writers.map((writer) => writer.blocked)).toEqual([true, true]);
    kernel.machine.cpu = 0;
    kernel.unlockEntry(0);
    for (const writer of writers) advance(writer);
    expect(writers.map((writer) => [writer.done, writer.result])).toEqual([
      [true, 0],
      [true, 0],
    ]);
    expect([kernel.marks(0), writing(kernel, 1, AT)]).toEqual([0, []]);
  });

  it('goes by the book: locked, marked, cleaned, flushed, unlocked, clean, woken', () => {
    const kernel = written(scheme);
    const writer = kernel.thread(0, 'dax_writeback_one', FILE, 0, kernel.entry(0));
    const steps: string[] = [];
    while (!writer.done) {
      const name = writer.pending?.primitive ?? '';
      if (name !== 'load') steps.push(name);
      writer.step();
    }
    const once = ['xchg', ...Array<string>(4).fill('flush_tlb_cpu'), 'store', 'spin_unlock'];
    const vma = ['spin_lock', ...once, 'vma_interval_tree_next'];
    expect(steps).toEqual([
      'xas_store',
      'xas_clear_mark',
      'spin_unlock',
      'down_read',
      'vma_interval_tree_next',
      ...vma,
      ...vma,
      'up_read',
      'arch_wb_cache_pmem',
      'spin_lock',
      'xas_store',
      'xas_clear_mark',
      'wake_up_entry_waiters',
    ]);
  });
});
