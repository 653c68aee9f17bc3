import { describe, expect, it } from 'vitest';
import { SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import { MADV_HWPOISON } from '../../../src/kernel/common/include/mman.ts';
import { PG_dirty, PG_hwpoison, PG_referenced } from '../../../src/kernel/state/memmap.ts';
import { AT, GupKernel, PAGE } from '../gup/gupKernel.ts';

const HUGE = 512 * PAGE;
const SCHEMES = ['devmap', 'refcount'] as const;

/** References of an idle page of device-DAX, and of one that an entry maps. */
const MAPPED = { devmap: 1, refcount: 2 } as const;

describe.each(SCHEMES)('a failing page of a device, under %s', (scheme) => {
  it('gives the process SIGBUS and is mapped no more, but can be touched again', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, 2 * PAGE);
    kernel.touch(1, AT + PAGE, 1);
    expect(kernel.call('sys_madvise', 1, AT + PAGE, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect(kernel.leaf(1, AT / PAGE + 1)).toBeUndefined();
    expect(kernel.page(1).refcount).toBe(1);
    expect(kernel.page(1).flags & (PG_hwpoison | PG_referenced)).toBe(PG_hwpoison | PG_referenced);
    expect((kernel.page(1).flags & PG_dirty) !== 0).toBe(scheme === 'refcount');
    expect(kernel.load(1, AT / PAGE + 1)).toBe(1);
    expect(kernel.page(1).refcount).toBe(MAPPED[scheme]);
    expect(kernel.load(1, AT / PAGE)).toBe(0);
    expect(kernel.call('sys_munmap', 1, AT, 2 * PAGE)).toBe(0);
    expect([kernel.page(0).refcount, kernel.page(1).refcount]).toEqual([1, 1]);
    expect(kernel.pgmapRef()).toBe(1 + 4 * 262144);
    expect(kernel.warnings).toEqual([]);
  });

  it('takes the whole huge page with it, whose head alone is marked', () => {
    const kernel = new GupKernel(scheme, 512);
    kernel.process(1, 2 * HUGE);
    kernel.touch(1, AT + HUGE, 1);
    expect(kernel.call('sys_madvise', 1, AT + HUGE + 5 * PAGE, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect(kernel.leaf(1, AT / PAGE + 512)).toBeUndefined();
    expect(kernel.page(512).refcount).toBe(1);
    expect(kernel.page(512).flags & PG_hwpoison).toBe(PG_hwpoison);
    expect(kernel.page(517).flags & PG_hwpoison).toBe(0);
    expect(kernel.load(1, AT / PAGE + 512)).toBe(1);
    expect(kernel.leaf(1, AT / PAGE + 512)?.level).toBe('pmd');
    expect(kernel.page(512).refcount).toBe(MAPPED[scheme]);
    expect(kernel.warnings).toEqual([]);
  });

  it('is taken away from other processes as well, who hear nothing of it', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, PAGE);
    kernel.touch(1, AT, 7);
    kernel.process(2, PAGE);
    kernel.touch(2, AT, 8);
    kernel.runIn(0, 1);
    expect(kernel.call('sys_madvise', 1, AT, PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect([kernel.leaf(1, AT / PAGE), kernel.leaf(2, AT / PAGE)]).toEqual([undefined, undefined]);
    kernel.runIn(1, 2);
    expect(kernel.load(2, AT / PAGE)).toBe(8);
  });

  it('fails page by page of a range, and nothing where nothing is mapped', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, 2 * PAGE);
    expect(kernel.call('sys_madvise', 1, AT, 2 * PAGE, MADV_HWPOISON)).toBe(SIGNAL_SIGBUS);
    expect([0, 1, 2].map((index) => kernel.page(index).flags & PG_hwpoison)).toEqual([
      PG_hwpoison,
      PG_hwpoison,
      0,
    ]);
    expect(kernel.call('sys_madvise', 1, AT + 4 * PAGE, PAGE, MADV_HWPOISON)).toBe(-14);
    expect(kernel.call('sys_madvise', 1, AT + 1, PAGE, MADV_HWPOISON)).toBe(-22);
  });
});
