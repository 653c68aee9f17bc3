import { describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { SIGNAL_SIGSEGV } from '../../../src/kernel/common/include/errno.ts';
import {
  MADV_DONTNEED,
  MAP_FIXED,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_READ,
} from '../../../src/kernel/common/include/mman.ts';
import { TLB_STRIDE, tlb } from '../../../src/machine/cpus.ts';
import { numbers } from '../support/numbers.ts';
import { BASE, RW, UserSpace } from './userSpace.ts';

const SCHEDULES = 40;
const UNITS = 2;
const TARGET = 2 * BASE;
const PLACES = [BASE, TARGET];

/** Runs threads step by step in the order that the seed gives; throws when all of them wait for each other. */
function interleave(threads: readonly KernelThread[], seed: number): void {
  const next = numbers(seed);
  let stuck = 0;
  for (;;) {
    const live = threads.filter((thread) => !thread.done);
    const thread = live[next(live.length)];
    if (thread === undefined) return;
    thread.step();
    stuck = thread.blocked ? stuck + 1 : 0;
    if (stuck > 1000) throw new Error(`seed ${seed}: all threads wait`);
  }
}

/** Every count follows from the entries of all address spaces, and no TLB has what their tables have not. */
function expectBalance(user: UserSpace, spaces: readonly number[]): void {
  const counted = user.kernel.scheme === 'refcount' ? 1 : 0;
  const align = user.unit / 4096;
  const entries = new Array<number>(8).fill(0);
  for (const mm of spaces) {
    let rss = 0;
    for (const place of PLACES) {
      for (let unit = 0; unit < UNITS; unit++) {
        const leaf = user.kernel.leaf(mm, place / 4096 + unit * align);
        if (leaf === undefined) continue;
        const page = (leaf.pfn - 4 * 262144) / align;
        entries[page] = (entries[page] ?? 0) + 1;
        rss += align;
      }
    }
    expect(user.kernel.rss(mm)).toBe(rss * counted);
  }
  for (let unit = 0; unit < UNITS; unit++) {
    const mapped = (entries[unit] ?? 0) * counted;
    expect(user.counts(unit)).toEqual([1 + mapped, mapped]);
  }
  expectNoStaleTranslation(user, spaces);
  expect([user.locksHeld(), user.kernel.warnings]).toEqual([0, []]);
}

/** CPUs 0 to 2 run in the first address space, CPU 3 in the last. */
function expectNoStaleTranslation(user: UserSpace, spaces: readonly number[]): void {
  const { memory } = user.kernel.machine;
  for (let onCpu = 0; onCpu < 4; onCpu++) {
    const mm = spaces[onCpu === 3 ? spaces.length - 1 : 0] ?? 0;
    const first = onCpu * TLB_STRIDE;
    for (const slot of memory.touchedIn(tlb, first, first + TLB_STRIDE)) {
      const cached = memory.of(tlb).entry.get(slot);
      if (cached === 0) continue;
      const leaf = user.kernel.leaf(mm, slot - first);
      const within = leaf?.level === 'pmd' ? (slot - first) % 512 : 0;
      expect((leaf?.pfn ?? -1) + within).toBe(Math.floor(cached / 4096));
      if ((cached & 2) !== 0) expect(leaf?.flags).toContain('rw');
    }
  }
}

describe.each(['devmap', 'refcount'] as const)('system calls that race under the %s scheme', (scheme) => {
  describe.each([1, 512])('on entries of %s pages', (align) => {
    /** CPUs 0 to 2 run in one address space that maps two units at BASE, both touched. */
    function prepared(): UserSpace {
      const user = new UserSpace(scheme, align);
      for (const onCpu of [1, 2, 0]) {
        user.kernel.machine.cpu = onCpu;
        user.kernel.call('activate_mm', user.mm);
      }
      user.mapUnits(UNITS);
      user.write(BASE);
      user.read(BASE + user.unit);
      return user;
    }

    function race(body: (user: UserSpace) => readonly (readonly [number, string, ...number[]])[]): void {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const user = prepared();
        const threads = body(user).map(([onCpu, name, ...args]) => user.kernel.thread(onCpu, name, ...args));
        interleave(threads, seed);
        expectBalance(user, [user.mm]);
        for (const { result } of threads) expect([0, 1, BASE, TARGET, SIGNAL_SIGSEGV]).toContain(result);
      }
    }

    it('munmap, faults and unbind’s unmapping leave counts, entries and TLBs in balance', () => {
      race(({ mm, unit }) => [
        [0, 'sys_munmap', mm, BASE, unit],
        [1, 'cpu_store', mm, BASE, 5],
        [2, 'unmap_mapping_range', 1, 0, 0, 1],
      ]);
    });

    it('mremap, faults and unbind’s unmapping do, and the unmapping misses no entry on its way', () => {
      race(({ mm, unit }) => [
        [0, 'sys_mremap', mm, BASE, 2 * unit, 2 * unit, MREMAP_MAYMOVE | MREMAP_FIXED, TARGET],
        [1, 'cpu_store', mm, BASE + unit, 5],
        [2, 'unmap_mapping_range', 1, 0, 0, 1],
      ]);
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const user = prepared();
        const { mm, unit, kernel } = user;
        const moving = [mm, BASE, 2 * unit, 2 * unit, MREMAP_MAYMOVE | MREMAP_FIXED, TARGET];
        interleave(
          [kernel.thread(0, 'sys_mremap', ...moving), kernel.thread(2, 'unmap_mapping_range', 1, 0, 0, 1)],
          seed,
        );
        expect([user.bits(TARGET), user.bits(TARGET + unit)]).toEqual([undefined, undefined]);
      }
    });

    it('mprotect, writes and MADV_DONTNEED do', () => {
      race(({ mm, unit }) => [
        [0, 'sys_mprotect', mm, BASE, 2 * unit, PROT_READ],
        [1, 'cpu_store', mm, BASE, 5],
        [2, 'sys_madvise', mm, BASE, 2 * unit, MADV_DONTNEED],
      ]);
    });

    it('MADV_DONTNEED twice and a fault do', () => {
      race(({ mm, unit }) => [
        [0, 'sys_madvise', mm, BASE, unit, MADV_DONTNEED],
        [1, 'cpu_load', mm, BASE],
        [2, 'sys_madvise', mm, BASE, 2 * unit, MADV_DONTNEED],
      ]);
    });

    it('a mapping put in place of another, faults and clear_refs do', () => {
      race(({ mm, unit, filp }) => [
        [0, 'sys_mmap', mm, filp, BASE, unit, RW, MAP_SHARED | MAP_FIXED, unit],
        [1, 'cpu_store', mm, BASE, 5],
        [2, 'clear_refs_write', mm, 4],
      ]);
    });

    it('a fork, the child’s faults, the parent’s munmap and unbind’s unmapping do', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const user = prepared();
        const { kernel, mm, unit } = user;
        const child = kernel.call('dup_mm', mm);
        kernel.machine.cpu = 3;
        kernel.call('activate_mm', child);
        const threads = [
          kernel.thread(0, 'sys_munmap', mm, BASE, unit),
          kernel.thread(1, 'dup_mm', mm),
          kernel.thread(2, 'unmap_mapping_range', 1, 0, 0, 1),
          kernel.thread(3, 'cpu_store', child, BASE, 7),
        ];
        interleave(threads, seed);
        expectBalance(user, [mm, threads[1]?.result ?? 0, child]);
      }
    });

    it('the exits of two threads, and one of another process, give everything back', () => {
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const user = prepared();
        const { kernel, mm, unit } = user;
        kernel.call('mmget', mm);
        const child = kernel.call('dup_mm', mm);
        kernel.machine.cpu = 3;
        kernel.call('activate_mm', child);
        kernel.call('cpu_store', child, BASE + unit, 1);
        interleave(
          [
            kernel.thread(0, 'exit_mm', mm),
            kernel.thread(1, 'exit_mm', mm),
            kernel.thread(2, 'unmap_mapping_range', 1, 0, 0, 1),
            kernel.thread(3, 'exit_mm', child),
          ],
          seed,
        );
        expect([user.counts(0), user.counts(1), kernel.tables(), user.fileHolds()]).toEqual([
          [1, 0],
          [1, 0],
          0,
          1,
        ]);
        expect([user.locksHeld(), kernel.warnings]).toEqual([0, []]);
      }
    });
  });
});
