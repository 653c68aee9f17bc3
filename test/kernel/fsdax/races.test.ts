import { describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { DAX_EMPTY, DAX_LOCKED } from '../../../src/kernel/state/address_space.ts';
import { wait_exceptional_entry_queue } from '../../../src/kernel/state/dax_wait.ts';
import { DEVICE_PFN, PAGE } from '../fs/fileKernel.ts';
import { numbers } from '../support/numbers.ts';
import { AT, FaultKernel } from './faultKernel.ts';

const SCHEDULES = 25;
const SIGBUS = -1007;

/** Runs threads in the order that the seed gives, each for a few steps at a time. */
function interleave(threads: readonly KernelThread[], seed: number): void {
  const next = numbers(seed);
  let stuck = 0;
  while (threads.some((thread) => !thread.done)) {
    const live = threads.filter((thread) => !thread.done);
    const thread = live[next(live.length)];
    if (thread === undefined) return;
    for (let steps = next(12) + 1; steps > 0 && !thread.done; steps--) {
      thread.step();
      stuck = thread.blocked ? stuck + 1 : 0;
      if (thread.blocked) break;
    }
    if (stuck > 2000) throw new Error(`seed ${seed}: all threads wait`);
  }
}

/** Nobody holds an entry locked or waits for one, no fault left a mere lock behind, and every count follows from the leaves. */
function expectBalance(kernel: FaultKernel, mms: readonly number[], pages: number): void {
  const counted = kernel.scheme === 'refcount';
  const mapped = new Map<number, number>();
  for (const mm of mms) {
    let file = 0;
    const seen = new Set<number>();
    for (let index = 0; index < pages; index++) {
      const leaf = kernel.leaf(mm, AT + index);
      if (leaf === undefined || leaf.pfn < DEVICE_PFN) continue;
      file += 1;
      if (leaf.level === 'pmd' && seen.has(leaf.pfn)) continue;
      seen.add(leaf.pfn);
      const head =
        leaf.pfn -
        DEVICE_PFN -
        (kernel.order(leaf.pfn - DEVICE_PFN - (leaf.pfn % 512)) === 9 ? leaf.pfn % 512 : 0);
      mapped.set(head, (mapped.get(head) ?? 0) + 1);
    }
    expect(kernel.rss(mm).file).toBe(counted ? file : 0);
  }
  for (let index = 0; index < pages; index++) {
    expect(kernel.entry(index) & (DAX_LOCKED | DAX_EMPTY)).toBe(0);
  }
  for (const block of kernel.blocks(kernel.filp, pages)) {
    if (block < 0) continue;
    const tail = kernel.order(block - (block % 512)) === 9 && block % 512 !== 0;
    if (tail) continue;
    expect(kernel.counts(block).refcount).toBe(counted ? (mapped.get(block) ?? 0) : 1);
  }
  const { key, woken } = kernel.machine.memory.of(wait_exceptional_entry_queue);
  for (let onCpu = 0; onCpu < kernel.machine.cpus; onCpu++)
    expect([key.get(onCpu), woken.get(onCpu)]).toEqual([0, 0]);
  expect(kernel.warnings).toEqual([]);
}

describe.each(['devmap', 'refcount'] as const)(
  'racing threads on a DAX file under the %s scheme',
  (scheme) => {
    function prepared(pages: number, filled: number): { kernel: FaultKernel; one: number; two: number } {
      const kernel = new FaultKernel(scheme, 'ext4', pages, filled);
      const one = kernel.process(0);
      kernel.machine.cpu = 1;
      kernel.call('activate_mm', one);
      kernel.mapAt(one, AT, pages);
      const two = kernel.process(2);
      kernel.mapAt(two, AT, pages);
      kernel.machine.cpu = 3;
      return { kernel, one, two };
    }

    const read = (kernel: FaultKernel, onCpu: number, mm: number, at: number): KernelThread =>
      kernel.thread(onCpu, 'cpu_load', mm, at * PAGE);
    const write = (kernel: FaultKernel, onCpu: number, mm: number, at: number, value: number): KernelThread =>
      kernel.thread(onCpu, 'cpu_store', mm, at * PAGE, value);

    it('that fault one page in, or a hole, end with one entry and its counts', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        for (const page of [0, 2]) {
          const { kernel, one, two } = prepared(3, 2);
          const threads = [
            read(kernel, 0, one, AT + page),
            write(kernel, 1, one, AT + page, 5),
            write(kernel, 2, two, AT + page, 5),
          ];
          interleave(threads, seed);
          expect(threads.map(({ result }) => result).slice(1)).toEqual([0, 0]);
          expectBalance(kernel, [one, two], 3);
          kernel.machine.cpu = 0;
          expect(kernel.load(one, AT + page)).toBe(5);
        }
      }
    });

    it('that fault while the file is truncated map no page that it has lost', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const { kernel, one, two } = prepared(3, 3);
        kernel.machine.cpu = 0;
        kernel.store(one, AT, 1);
        const threads = [
          write(kernel, 0, one, AT, 7),
          read(kernel, 2, two, AT + 1),
          kernel.thread(3, 'sys_ftruncate', kernel.filp, PAGE),
        ];
        interleave(threads, seed);
        expect(threads[0]?.result).toBe(0);
        expect([0, SIGBUS]).toContain(threads[1]?.result);
        expect(threads[2]?.result).toBe(0);
        expect(kernel.leaf(two, AT + 1)).toBeUndefined();
        expect(kernel.entry(1)).toBe(0);
        expectBalance(kernel, [one, two], 3);
      }
    });

    it('that want 2 MiB and single pages of one extent end with what the file has', () => {
      for (let seed = 1; seed <= 6; seed++) {
        const { kernel, one, two } = prepared(512, 512);
        kernel.machine.cpu = 2;
        kernel.call('sys_munmap', two, (AT + 256) * PAGE, 256 * PAGE);
        const threads = [
          read(kernel, 0, one, AT + 1),
          write(kernel, 1, one, AT + 2, 5),
          write(kernel, 2, two, AT + 1, 6),
        ];
        interleave(threads, seed);
        expect(threads.map(({ result }) => result).slice(1)).toEqual([0, 0]);
        expectBalance(kernel, [one, two], 512);
        kernel.machine.cpu = 0;
        expect([kernel.load(one, AT + 1), kernel.load(one, AT + 2)]).toEqual([6, 5]);
      }
    });

    it('that write privately and fork never see what the other wrote', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const kernel = new FaultKernel(scheme, 'xfs', 2);
        const mm = kernel.process(0);
        kernel.machine.cpu = 1;
        kernel.call('activate_mm', mm);
        kernel.mapAt(mm, AT, 2, { private: true });
        kernel.store(mm, AT, 1);
        const threads = [write(kernel, 0, mm, AT, 2), kernel.thread(3, 'dup_mm', mm)];
        interleave(threads, seed);
        const child = threads[1]?.result ?? 0;
        kernel.machine.cpu = 2;
        kernel.call('activate_mm', child);
        const inherited = kernel.load(child, AT);
        expect([1, 2]).toContain(inherited);
        kernel.machine.cpu = 0;
        kernel.store(mm, AT, 3);
        kernel.machine.cpu = 2;
        expect(kernel.load(child, AT)).toBe(inherited);
        expect(kernel.copies()).toEqual([1, 1]);
        expect(kernel.warnings).toEqual([]);
      }
    });
  },
);
