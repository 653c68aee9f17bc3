import { describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { FOLL_GET, FOLL_TOUCH } from '../../../src/kernel/common/include/gup_flags.ts';
import { dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { cpu } from '../../../src/machine/cpus.ts';
import type { SlabMemory } from '../../../src/machine/slabMemory.ts';
import { numbers } from '../support/numbers.ts';
import { AT, GupKernel, PAGE } from './gupKernel.ts';

const SCHEDULES = 100;

/** One CPU's calls, in order; each is told what the one before returned. */
type Lane = readonly ((before: number) => KernelThread)[];

/** Runs the lanes step by step, in bursts whose order and length the seed gives; the results of each lane's calls. */
function interleave(lanes: readonly Lane[], seed: number): number[][] {
  const next = numbers(seed);
  const results: number[][] = lanes.map(() => []);
  const running: (KernelThread | undefined)[] = lanes.map(() => undefined);
  let stuck = 0;
  for (;;) {
    const live = lanes.flatMap((lane, number) =>
      (results[number] ?? []).length < lane.length ? [number] : [],
    );
    const number = live[next(live.length)];
    if (number === undefined) return results;
    const done = results[number] ?? [];
    for (let burst = 1 + next(80); burst > 0 && done.length < (lanes[number]?.length ?? 0); burst--) {
      const thread = running[number] ?? lanes[number]?.[done.length]?.(done.at(-1) ?? 0);
      running[number] = thread;
      if (thread === undefined) break;
      if (!thread.done) thread.step();
      stuck = thread.blocked ? stuck + 1 : 0;
      if (stuck > 2000) throw new Error(`seed ${seed}: all threads wait`);
      if (thread.blocked) break;
      if (!thread.done) continue;
      done.push(thread.result);
      running[number] = undefined;
    }
  }
}

describe.each(['devmap', 'refcount'] as const)('GUP among other threads under the %s scheme', (scheme) => {
  const mapping = scheme === 'refcount' ? 1 : 0;

  describe.each([1, 512])('through entries of %i pages', (align) => {
    const LENGTH = 2 * align * PAGE;

    function prepared(): GupKernel {
      const kernel = new GupKernel(scheme, align);
      for (const onCpu of [1, 2, 3]) kernel.runIn(onCpu, 1);
      kernel.process(1, LENGTH);
      kernel.touch(1, AT);
      return kernel;
    }

    /** Takes the two pages that meet where one unit ends and the next begins, and gives them back. */
    function pinAndUnpin(kernel: GupKernel, onCpu: number, write: number, longterm: number): Lane {
      return [
        () => kernel.thread(onCpu, 'pin_pages', 1, AT + align * PAGE - PAGE, 2 * PAGE, write, longterm),
        (pin) => kernel.thread(onCpu, 'unpin_pages', pin),
      ];
    }

    function expectBalance(kernel: GupKernel, seed: number): void {
      for (const unit of [0, 1]) {
        const entries = kernel.leaf(1, AT / PAGE + unit * align) === undefined ? 0 : 1;
        const expected = { refcount: 1 + entries * mapping, pincount: 0 };
        expect(kernel.counts(unit * align), `seed ${seed}`).toEqual(expected);
      }
      const { irqs_disabled, rcu_nesting, srcu_nesting } = kernel.machine.memory.of(cpu);
      for (const field of [irqs_disabled, rcu_nesting, srcu_nesting]) {
        expect([0, 1, 2, 3].map((onCpu) => field.get(onCpu))).toEqual([0, 0, 0, 0]);
      }
      expect([0, 1, 2, 3].map((onCpu) => kernel.leftovers(onCpu))).toEqual([0, 0, 0, 0]);
      expect(kernel.warnings).toEqual([]);
    }

    it('ends in balance beside stores, unmapping and other pins', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const kernel = prepared();
        const results = interleave(
          [
            pinAndUnpin(kernel, 0, 1, 0),
            pinAndUnpin(kernel, 1, 0, 1),
            [
              () => kernel.thread(2, 'unmap_mapping_range', 1, 0, 0, 1),
              () => kernel.thread(2, 'zap_page_range_single', 1, AT / PAGE, AT / PAGE + 2 * align),
            ],
            [() => kernel.thread(3, 'cpu_store', 1, AT + align * PAGE, 9)],
          ],
          seed,
        );
        expect(results[0]?.[1]).toBe(0);
        expect(results[1]?.[1]).toBe(0);
        expectBalance(kernel, seed);
      }
    });

    it('touches no struct page after unbind took them: only the end of a pin does', () => {
      let raced = 0;
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const kernel = prepared();
        const memory = kernel.machine.memory as SlabMemory;
        // Where TLBs are flushed by broadcast no interrupt holds up the unmapping: only RCU is left to protect GUP-fast.
        memory.of(cpu).address_space.set(1, 0);
        let refused = 0;
        memory.guard(page, {
          refuses: () => memory.of(dev_pagemap).memmap.get(0) === 0,
          refused: () => {
            refused++;
          },
        });
        const results = interleave(
          [
            [
              () =>
                kernel.thread(0, '__get_user_pages_locked', 1, AT / PAGE + align, 1, FOLL_GET | FOLL_TOUCH),
            ],
            [() => kernel.thread(1, 'gup_fast', 1, AT / PAGE, AT / PAGE + 1, FOLL_GET)],
            [() => kernel.thread(2, 'device_unbind', 0)],
            [() => kernel.thread(3, 'cpu_store', 1, AT, 9)],
          ],
          seed,
        );
        expect(results[2]).toEqual([0]);
        if ((results[0]?.[0] ?? 0) < 0) raced++;
        expect(kernel.leaf(1, AT / PAGE)).toBeUndefined();
        expect(refused, `seed ${seed}`).toBe(0);
        expect(kernel.warnings).toEqual([]);
      }
      expect(raced).toBeGreaterThan(0);
      expect(raced).toBeLessThan(SCHEDULES);
    });
  });
});
