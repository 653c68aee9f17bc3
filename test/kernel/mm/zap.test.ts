import { describe, expect, it } from 'vitest';
import { VM_SEQ_READ } from '../../../src/kernel/common/include/vm_flags.ts';
import { PG_dirty, PG_referenced } from '../../../src/kernel/state/memmap.ts';
import { vm_area_struct } from '../../../src/kernel/state/mm.ts';
import { cpu } from '../../../src/machine/cpus.ts';
import { ModelKernel, READ_WRITE } from './modelKernel.ts';

const AT = 6 * 262144;

describe.each(['devmap', 'refcount'] as const)('zapping under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  function zap(kernel: ModelKernel, vma: number, start: number, end: number): void {
    kernel.call('zap_page_range_single', vma, start, end);
  }

  it.each([1, 512, 262144])('gives back what entries of %s pages held', (align) => {
    const kernel = new ModelKernel(scheme, align);
    kernel.runIn(0, 1);
    const vma = kernel.map(1, AT, AT + 3 * align);
    for (const unit of [0, 1, 2]) kernel.store(1, AT + unit * align, 1);
    zap(kernel, vma, AT + align, AT + 2 * align);
    expect(kernel.leaf(1, AT + align)).toBeUndefined();
    expect(kernel.leaf(1, AT)).toBeDefined();
    expect(kernel.leaf(1, AT + 2 * align)).toBeDefined();
    expect(kernel.page(align)).toMatchObject({ refcount: 1, mapcount: 0, large: 0, entire: 0, nrMapped: 0 });
    expect(kernel.page(0).refcount).toBe(1 + counted);
    expect(kernel.rss(1)).toBe(2 * align * counted);
    expect(kernel.load(1, AT + align)).toBe(1);
    expect(kernel.warnings).toEqual([]);
  });

  it.each([512, 262144])('takes a leaf of %s pages away whole when only a part is asked for', (align) => {
    const kernel = new ModelKernel(scheme, align);
    kernel.runIn(0, 1);
    const vma = kernel.map(1, AT, AT + align);
    kernel.store(1, AT + 5, 9);
    zap(kernel, vma, AT + 1, AT + 2);
    expect(kernel.leaf(1, AT)).toBeUndefined();
    expect(kernel.page(0)).toMatchObject({ refcount: 1, large: 0, entire: 0, nrMapped: 0 });
    expect(kernel.rss(1)).toBe(0);
    expect(kernel.cached(0, AT + 5)).toBe(0);
    expect(kernel.load(1, AT + 5)).toBe(9);
  });

  it('makes every CPU of the address space forget, and no other', () => {
    const kernel = new ModelKernel(scheme, 1);
    for (const onCpu of [0, 1]) {
      kernel.runIn(onCpu, 1);
      if (onCpu === 0) kernel.map(1, AT, AT + 2);
      kernel.load(1, AT);
      kernel.load(1, AT + 1);
    }
    kernel.runIn(2, 2);
    kernel.map(2, AT, AT + 2);
    kernel.load(2, AT);
    zap(kernel, 1, AT, AT + 1);
    expect([0, 1].map((onCpu) => kernel.cached(onCpu, AT))).toEqual([0, 0]);
    expect(kernel.cached(1, AT + 1)).not.toBe(0);
    expect(kernel.cached(2, AT)).not.toBe(0);
    expect(kernel.page(0).refcount).toBe(1 + counted);
  });

  it.each([1, 512])(
    'notes in the page what the processor noted in an entry of %s pages (refcount only)',
    (align) => {
      const kernel = new ModelKernel(scheme, align);
      kernel.runIn(0, 1);
      const vma = kernel.map(1, AT, AT + 3 * align);
      kernel.load(1, AT);
      kernel.store(1, AT + align, 1);
      zap(kernel, vma, AT, AT + 2 * align);
      kernel.machine.memory.of(vm_area_struct).vm_flags.set(vma, READ_WRITE | VM_SEQ_READ);
      kernel.store(1, AT + 2 * align, 1);
      zap(kernel, vma, AT + 2 * align, AT + 3 * align);
      const noted = [0, 1, 2].map((unit) => kernel.page(unit * align).flags & (PG_dirty | PG_referenced));
      expect(noted).toEqual(
        scheme === 'devmap' ? [0, 0, 0] : [PG_referenced, PG_dirty | PG_referenced, PG_dirty],
      );
    },
  );

  it('gives everything back when the batches overflow, dirty or clean', () => {
    for (const write of [false, true]) {
      const kernel = new ModelKernel(scheme, 1);
      kernel.runIn(0, 1);
      const pages = 10_500;
      const vma = kernel.map(1, AT, AT + pages);
      for (let i = 0; i < pages; i++) write ? kernel.store(1, AT + i, 1) : kernel.load(1, AT + i);
      expect(kernel.rss(1)).toBe(pages * counted);
      zap(kernel, vma, AT, AT + pages);
      expect(kernel.rss(1)).toBe(0);
      for (let i = 0; i < pages; i++) {
        const { refcount, mapcount } = kernel.page(i);
        if (refcount !== 1 || mapcount !== 0) expect([i, refcount, mapcount]).toEqual([i, 1, 0]);
      }
      expect(kernel.leaf(1, AT + pages - 1)).toBeUndefined();
    }
  });

  it('takes a range of the device out of every address space', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(0, 1);
    kernel.map(1, AT, AT + 4);
    kernel.map(1, AT + 100, AT + 104, READ_WRITE, 2);
    for (const page of [0, 1, 2, 3, 100, 101]) kernel.store(1, AT + page, 1);
    kernel.runIn(1, 2);
    kernel.map(2, AT + 50, AT + 51, READ_WRITE, 3);
    kernel.load(2, AT + 50);
    kernel.call('unmap_mapping_range', 1, 2, 2, 1);
    expect([0, 1].map((page) => kernel.leaf(1, AT + page)?.level)).toEqual(['pte', 'pte']);
    expect([2, 3, 100, 101].map((page) => kernel.leaf(1, AT + page))).toEqual(Array(4).fill(undefined));
    expect(kernel.leaf(2, AT + 50)).toBeUndefined();
    kernel.call('unmap_mapping_range', 1, 0, 0, 1);
    expect([0, 1, 2, 3].map((page) => kernel.page(page).refcount)).toEqual([1, 1, 1, 1]);
    expect(kernel.rss(1) + kernel.rss(2)).toBe(0);
  });

  it('frees page tables that served nobody else, and only those', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(0, 1);
    const low = kernel.map(1, AT, AT + 1);
    const high = kernel.map(1, AT + 600, AT + 601);
    kernel.load(1, AT);
    kernel.load(1, AT + 600);
    expect(kernel.tables()).toBe(1 + 2 + 2);
    const free = (vma: number, floor: number, ceiling: number): void => {
      kernel.call('tlb_gather_mmu', 1);
      kernel.call('unmap_single_vma', vma, 0, 2 ** 35);
      kernel.call('free_pgtables', vma, floor, ceiling);
      kernel.call('tlb_finish_mmu');
    };
    free(low, 0, AT + 600);
    expect(kernel.tables()).toBe(1 + 2 + 1);
    expect(kernel.load(1, AT + 600)).toBe(0);
    free(high, 0, 0);
    expect(kernel.tables()).toBe(1);
    expect(kernel.warnings).toEqual([]);
  });

  it('keeps the table of a neighbour within the same 2 MiB', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(0, 1);
    const low = kernel.map(1, AT, AT + 1);
    kernel.map(1, AT + 3, AT + 4);
    kernel.load(1, AT);
    kernel.load(1, AT + 3);
    kernel.call('tlb_gather_mmu', 1);
    kernel.call('unmap_single_vma', low, 0, 2 ** 35);
    kernel.call('free_pgtables', low, 0, AT + 3);
    kernel.call('tlb_finish_mmu');
    expect(kernel.tables()).toBe(4);
    expect(kernel.leaf(1, AT + 3)?.level).toBe('pte');
  });

  it('waits with the flush for a CPU that has interrupts off, and holds the reference as long', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(1, 1);
    kernel.runIn(0, 1);
    const vma = kernel.map(1, AT, AT + 1);
    kernel.load(1, AT);
    const irqs = kernel.machine.memory.of(cpu).irqs_disabled;
    irqs.set(1, 1);
    const thread = kernel.thread(0, 'zap_page_range_single', vma, AT, AT + 1);
    while (!thread.blocked && !thread.done) thread.step();
    expect(thread.pending?.primitive).toBe('flush_tlb_cpu');
    expect(kernel.page(0).refcount).toBe(1 + counted);
    irqs.set(1, 0);
    while (!thread.done) thread.step();
    expect(kernel.page(0).refcount).toBe(1);
  });

  it('flushes what another thread has cleared and not flushed yet', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(2, 1);
    const vma = kernel.map(1, AT, AT + 1);
    kernel.load(1, AT);
    kernel.runIn(0, 1);
    kernel.runIn(1, 1);
    const first = kernel.thread(0, 'zap_page_range_single', vma, AT, AT + 1);
    while (kernel.leaf(1, AT) !== undefined) first.step();
    expect(kernel.cached(2, AT)).not.toBe(0);
    const second = kernel.thread(1, 'zap_page_range_single', vma, AT, AT + 1);
    while (!second.done) {
      second.step();
      if (second.blocked) first.step();
    }
    expect(kernel.cached(2, AT)).toBe(0);
    expect(first.done).toBe(false);
  });

  it('waits for readers that may stand in a table before it frees it', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(1, 2);
    kernel.runIn(0, 1);
    const vma = kernel.map(1, AT, AT + 1);
    kernel.load(1, AT);
    kernel.call('tlb_gather_mmu', 1);
    kernel.call('unmap_single_vma', vma, AT, AT + 1);
    kernel.call('free_pgtables', vma, 0, 0);
    kernel.machine.memory.of(cpu).rcu_nesting.set(1, 1);
    const thread = kernel.thread(0, 'tlb_finish_mmu');
    while (!thread.blocked && !thread.done) thread.step();
    expect(thread.pending?.primitive).toBe('rcu_grace_period_wait');
    expect(kernel.tables()).toBe(5);
    expect(kernel.page(0).refcount).toBe(1);
  });
});

describe('the order of a zap under the refcount scheme', () => {
  it.each([false, true])(
    'is clear, flush, put; the mapcount of a dirty page waits for the flush (dirty: %s)',
    (dirty) => {
      const kernel = new ModelKernel('refcount', 1);
      kernel.runIn(1, 1);
      const vma = kernel.map(1, AT, AT + 1);
      dirty ? kernel.store(1, AT, 1) : kernel.load(1, AT);
      const seen: string[] = [];
      const thread = kernel.thread(0, 'zap_page_range_single', vma, AT, AT + 1);
      const watch = (): string =>
        [
          kernel.leaf(1, AT) === undefined ? 'cleared' : 'mapped',
          kernel.cached(1, AT) === 0 ? 'flushed' : 'cached',
          `${kernel.page(0).refcount}/${kernel.page(0).mapcount}`,
        ].join(' ');
      while (!thread.done) {
        if (seen.at(-1) !== watch()) seen.push(watch());
        thread.step();
      }
      expect(seen).toEqual(
        dirty
          ? [
              'mapped cached 2/1',
              'cleared cached 2/1',
              'cleared flushed 2/1',
              'cleared flushed 2/0',
              'cleared flushed 1/0',
            ]
          : [
              'mapped cached 2/1',
              'cleared cached 2/1',
              'cleared cached 2/0',
              'cleared flushed 2/0',
              'cleared flushed 1/0',
            ],
      );
    },
  );
});
