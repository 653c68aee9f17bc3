import { describe, expect, it } from 'vitest';
import { PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE } from '../../../src/kernel/state/address_space.ts';
import { advance, FILE, FileKernel } from './fileKernel.ts';

const AT = 6 * 262144;
const LAST = 2 ** 52 - 1;

describe.each(['devmap', 'refcount'] as const)('entries that go, under %s', (scheme) => {
  it('leave no owner behind, and no page counted', () => {
    const kernel = new FileKernel(scheme);
    kernel.addEntry(0);
    kernel.addEntry(3, PAGECACHE_TAG_DIRTY);
    expect(kernel.call('dax_delete_mapping_entry', FILE, 3)).toBe(1);
    expect([kernel.entry(3), kernel.marks(3), kernel.mapping(3), kernel.nrpages]).toEqual([0, 0, 0, 1]);
    expect([kernel.entry(0) !== 0, kernel.mapping(0)]).toEqual([true, FILE]);
    expect(kernel.warnings).toEqual([]);
  });

  it('make small pages of a folio again, from whichever page of it they are found', () => {
    const kernel = new FileKernel(scheme);
    kernel.addHugeEntry(512);
    expect(kernel.call('dax_delete_mapping_entry', FILE, 700)).toBe(1);
    expect([kernel.entry(512), kernel.nrpages, kernel.order(512)]).toEqual([0, 0, 0]);
    expect([512, 700, 1023].map((index) => kernel.mapping(index))).toEqual([0, 0, 0]);
    expect(kernel.folio(700)).toBe(kernel.folio(512) + 188);
    expect(kernel.warnings).toEqual([]);
  });

  it('must be there for who says that he has seen them', () => {
    const kernel = new FileKernel(scheme);
    expect(kernel.call('dax_delete_mapping_entry', FILE, 3)).toBe(0);
    expect(kernel.warnings).toEqual(['dax_delete_mapping_entry: the entry is gone']);
  });

  it('stay when they have to be written back and may', () => {
    const kernel = new FileKernel(scheme);
    for (const [index, marks] of [0, PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_TOWRITE].entries()) {
      kernel.addEntry(index, marks);
    }
    const invalidated = [0, 1, 2, 3].map((index) =>
      kernel.call('dax_invalidate_mapping_entry_sync', FILE, index),
    );
    expect(invalidated).toEqual([1, 0, 0, 0]);
    expect([0, 1, 2].map((index) => kernel.entry(index) === 0)).toEqual([true, false, false]);
    kernel.call('__dax_clear_dirty_range', FILE, 1, 1);
    expect([kernel.marks(1), kernel.marks(2)]).toEqual([0, PAGECACHE_TAG_TOWRITE]);
  });

  it('are waited for while somebody has them locked, and everyone who waits is told', () => {
    const kernel = new FileKernel(scheme);
    kernel.addEntry(0);
    kernel.lockEntry(0);
    const deleting = kernel.thread(1, 'dax_delete_mapping_range', FILE, 0, LAST);
    advance(deleting);
    const others = [2, 3].map((onCpu) => kernel.thread(onCpu, '__dax_invalidate_entry', FILE, 0, 0));
    for (const other of others) advance(other);
    expect([deleting, ...others].map((thread) => thread.blocked)).toEqual([true, true, true]);
    kernel.machine.cpu = 0;
    kernel.unlockEntry(0);
    for (const thread of [deleting, ...others]) advance(thread);
    expect([deleting, ...others].map((thread) => thread.done)).toEqual([true, true, true]);
    expect(others.map((thread) => thread.result)).toEqual([0, 0]);
    expect([kernel.entry(0), kernel.nrpages]).toEqual([0, 0]);
  });

  it('go by ranges, huge ones as soon as the range reaches into them', () => {
    const kernel = new FileKernel(scheme);
    kernel.addEntry(0);
    kernel.addEntry(2);
    kernel.addHugeEntry(512);
    kernel.addEntry(1024);
    kernel.call('dax_delete_mapping_range', FILE, 2, 600);
    expect([0, 2, 512, 1024].map((index) => kernel.entry(index) === 0)).toEqual([false, true, true, false]);
    expect(kernel.nrpages).toBe(2);
  });

  it('surprise a truncate of the refcount scheme, whose layout should have been broken', () => {
    const kernel = new FileKernel(scheme);
    for (const index of [0, 1, 2]) kernel.addEntry(index);
    kernel.call('truncate_inode_pages', FILE, 1);
    expect([0, 1, 2].map((index) => kernel.entry(index) === 0)).toEqual([false, true, true]);
    expect(kernel.warnings.length > 0).toBe(scheme === 'refcount');
  });

  it('under held pages are warned of', () => {
    const kernel = new FileKernel(scheme);
    kernel.addEntry(0);
    kernel.hold(0);
    kernel.call('dax_delete_mapping_entry', FILE, 0);
    expect(kernel.warnings).toHaveLength(1);
  });

  it('are unmapped after they went when a file is to be read anew', () => {
    const kernel = new FileKernel(scheme);
    kernel.runIn(0, 1);
    kernel.mapFile(1, AT, 2);
    kernel.addEntry(0);
    kernel.addEntry(1, PAGECACHE_TAG_DIRTY);
    kernel.mapPage(1, AT + 1, 1);
    expect(kernel.call('invalidate_inode_pages2_range', FILE, 0, LAST)).toBe(-16);
    expect([kernel.entry(0) === 0, kernel.entry(1) === 0]).toEqual([true, false]);
    expect(kernel.leaf(1, AT + 1)).toBeUndefined();
    expect(kernel.call('invalidate_inode_pages2_range', FILE, 4, LAST)).toBe(0);
  });
});
