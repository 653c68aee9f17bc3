import { beforeEach, describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { DAX_LOCKED, DAX_PMD, FILE_PAGES, i_pages } from '../../../src/kernel/state/address_space.ts';
import { ModelKernel } from '../mm/modelKernel.ts';
import { advance } from '../support/advance.ts';

const FILE = 20;
const ENTRY = 4096 * 16;
const PMD_ENTRY = ENTRY + DAX_PMD;

describe.each(['devmap', 'refcount'] as const)('the lock of a DAX entry under the %s scheme', (scheme) => {
  let kernel: ModelKernel;

  beforeEach(() => {
    kernel = new ModelKernel(scheme, 1);
  });

  /** Puts an entry into a slot of its size. */
  function put(index: number, entry: number): void {
    const slot = kernel.machine.memory.of(i_pages);
    slot.entry.set(FILE * FILE_PAGES + index, entry);
    slot.order.set(FILE * FILE_PAGES + index, (entry & DAX_PMD) !== 0 ? 9 : 0);
  }

  function at(index: number): number {
    return kernel.machine.memory.of(i_pages).entry.get(FILE * FILE_PAGES + index);
  }

  /** Steps until the thread is done or waits. */
  function go(thread: KernelThread): KernelThread {
    advance(thread);
    return thread;
  }

  /** A thread that looks for an entry as a fault does: with the tree locked, which it keeps at the end. */
  function seek(onCpu: number, index: number, order = 0): KernelThread {
    kernel.call('xas_lock_irq', FILE);
    return go(kernel.thread(onCpu, 'get_next_unlocked_entry', FILE, index, order));
  }

  it('is not there where there is no entry', () => {
    expect(seek(0, 5)).toMatchObject({ done: true, result: 0 });
  });

  it('is found free on an entry that nobody locked, at any index that the entry covers', () => {
    put(512, PMD_ENTRY);
    expect(seek(0, 700)).toMatchObject({ done: true, result: PMD_ENTRY });
  });

  it('is not waited for by who wants a larger entry', () => {
    put(700, ENTRY + DAX_LOCKED);
    expect(seek(0, 512, 9)).toMatchObject({ done: true, result: -1 });
  });

  it('goes to the waiters one after the other, in the order in which they came', () => {
    put(3, ENTRY + DAX_LOCKED);
    const [first, second] = [seek(0, 3), seek(1, 3)];
    expect([first.blocked, second.blocked]).toEqual([true, true]);
    kernel.call('dax_unlock_entry', FILE, 3, ENTRY);
    expect(at(3)).toBe(ENTRY);
    expect([go(second).done, go(first).done]).toEqual([false, true]);
    kernel.call('dax_lock_entry', FILE, 3, ENTRY);
    kernel.call('xas_unlock_irq', FILE);
    kernel.call('dax_unlock_entry', FILE, 3, ENTRY);
    expect(go(second)).toMatchObject({ done: true, result: ENTRY });
  });

  it('is passed on by a waiter that does not want it any more', () => {
    put(3, ENTRY + DAX_LOCKED);
    const [first, second] = [seek(0, 3), seek(1, 3)];
    kernel.call('dax_unlock_entry', FILE, 3, ENTRY);
    go(first);
    kernel.call('put_unlocked_entry', FILE, 3, ENTRY, 0);
    kernel.call('xas_unlock_irq', FILE);
    expect(go(second).done).toBe(true);
  });

  it('wakes nobody who waits for another entry', () => {
    put(3, ENTRY + DAX_LOCKED);
    put(4, ENTRY + 16 + DAX_LOCKED);
    const other = seek(0, 4);
    kernel.call('dax_unlock_entry', FILE, 3, ENTRY);
    expect(go(other).done).toBe(false);
  });

  it('is one for all pages of a huge entry', () => {
    put(512, PMD_ENTRY + DAX_LOCKED);
    const waiter = seek(0, 700);
    kernel.call('dax_unlock_entry', FILE, 515, PMD_ENTRY);
    expect(go(waiter)).toMatchObject({ done: true, result: PMD_ENTRY });
  });

  it('is not told of to who waits for a huge entry, when a small one has come into its slot', () => {
    put(512, PMD_ENTRY + DAX_LOCKED);
    const waiter = seek(0, 512, 9);
    kernel.call('dax_unlock_entry', FILE, 517, ENTRY);
    expect(at(512)).toBe(ENTRY);
    expect(go(waiter).done).toBe(false);
  });

  it('lets everyone look again who waits for an entry that is taken away', () => {
    put(3, ENTRY + DAX_LOCKED);
    const waiters = [seek(0, 3), seek(1, 3)];
    put(3, 0);
    kernel.call('dax_wake_entry', FILE, 3, ENTRY, 1);
    for (const waiter of waiters) {
      expect(go(waiter)).toMatchObject({ done: true, result: 0 });
      kernel.call('xas_unlock_irq', FILE);
    }
  });

  it('is waited for at one index by who goes through the entries', () => {
    put(3, ENTRY + DAX_LOCKED);
    put(4, ENTRY + 16);
    kernel.call('xas_lock_irq', FILE);
    const waiter = go(kernel.thread(0, 'wait_entry_unlocked_exclusive', FILE, 3, ENTRY + DAX_LOCKED));
    expect(waiter.blocked).toBe(true);
    put(3, 0);
    kernel.call('dax_wake_entry', FILE, 3, ENTRY, 0);
    expect(go(waiter)).toMatchObject({ done: true, result: 0 });
  });

  it('is warned about where it is dropped by who does not hold it', () => {
    put(3, ENTRY);
    kernel.call('dax_unlock_entry', FILE, 3, ENTRY);
    expect(kernel.warnings).toEqual(['dax_unlock_entry: the entry was not locked']);
  });
});
