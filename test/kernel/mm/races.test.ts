import { describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { numbers } from '../support/numbers.ts';
import { ModelKernel } from './modelKernel.ts';

const AT = 6 * 262144;
const SCHEDULES = 60;

/** Runs threads step by step in the order that the seed gives. */
function interleave(threads: readonly KernelThread[], seed: number): void {
  const next = numbers(seed);
  let stuck = 0;
  while (threads.some((thread) => !thread.done)) {
    const live = threads.filter((thread) => !thread.done);
    const thread = live[next(live.length)];
    if (thread === undefined) return;
    thread.step();
    stuck = thread.blocked ? stuck + 1 : 0;
    if (stuck > 1000) throw new Error(`seed ${seed}: all threads wait`);
  }
}

/** Every count follows from the entries, and no TLB has what the tables have not. */
function expectBalance(kernel: ModelKernel, units: number, align: number): void {
  const counted = kernel.scheme === 'refcount' ? 1 : 0;
  const rss = [0, 0, 0];
  for (let unit = 0; unit < units; unit++) {
    let entries = 0;
    for (const mm of [1, 2]) {
      const leaf = kernel.leaf(mm, AT + unit * align);
      if (leaf === undefined) continue;
      entries += 1;
      rss[mm] = (rss[mm] ?? 0) + align;
    }
    const head = kernel.page(unit * align);
    expect(head.refcount).toBe(1 + entries * counted);
    expect(align === 1 ? head.mapcount : head.large).toBe(entries * counted);
    for (const [onCpu, mm] of [1, 1, 1, 2].entries()) {
      const cached = kernel.cached(onCpu, AT + unit * align);
      if (cached !== 0) expect(kernel.leaf(mm, AT + unit * align)?.pfn).toBe(Math.floor(cached / 4096));
    }
  }
  expect([kernel.rss(1), kernel.rss(2)]).toEqual([(rss[1] ?? 0) * counted, (rss[2] ?? 0) * counted]);
  expect(kernel.warnings).toEqual([]);
}

describe.each(['devmap', 'refcount'] as const)('racing threads under the %s scheme', (scheme) => {
  describe.each([1, 512])('on entries of %s pages', (align) => {
    function prepared(): ModelKernel {
      const kernel = new ModelKernel(scheme, align);
      for (const onCpu of [0, 1, 2]) kernel.runIn(onCpu, 1);
      kernel.runIn(3, 2);
      kernel.map(1, AT, AT + 2 * align);
      kernel.map(2, AT, AT + 2 * align);
      return kernel;
    }

    it('that fault the same page in end with one entry and its counts', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const kernel = prepared();
        const threads = [
          kernel.thread(0, 'cpu_store', 1, AT * 4096, 5),
          kernel.thread(1, 'cpu_load', 1, AT * 4096),
          kernel.thread(2, 'cpu_store', 1, (AT + align) * 4096, 6),
          kernel.thread(3, 'cpu_store', 2, AT * 4096 + 1, 7),
        ];
        interleave(threads, seed);
        expectBalance(kernel, 2, align);
        expect(threads.map(({ result }) => result).filter((result) => result < 0)).toEqual([]);
        expect(kernel.load(2, AT)).toBe(5);
        expect(kernel.tables()).toBe(2 * (align === 1 ? 4 : 3));
      }
    });

    it('that fault and zap keep counts, entries and TLBs in balance', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const kernel = prepared();
        kernel.machine.cpu = 1;
        kernel.store(1, AT, 1);
        const threads = [
          kernel.thread(0, 'cpu_store', 1, AT * 4096, 5),
          kernel.thread(1, 'zap_page_range_single', 1, AT, AT + align),
          kernel.thread(2, 'unmap_mapping_range', 1, 0, 0, 1),
          kernel.thread(3, 'cpu_store', 2, (AT + align) * 4096, 7),
        ];
        interleave(threads, seed);
        expectBalance(kernel, 2, align);
        expect(threads.map(({ result }) => result)).toEqual([0, 0, 0, 0]);
      }
    });
  });
});
