import { describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { MREMAP_FIXED, MREMAP_MAYMOVE } from '../../../src/kernel/common/include/mman.ts';
import { vm_area_struct } from '../../../src/kernel/state/mm.ts';
import { ptdesc } from '../../../src/kernel/state/pgtable.ts';
import { SLOTS_TABLE, slots } from '../../../src/kernel/state/slots.ts';
import { BASE, UserSpace } from './userSpace.ts';

const TARGET = 2 * BASE;

/** Steps a thread until `there` holds; false if it ends before. */
function stepUntil(thread: KernelThread, there: () => boolean): boolean {
  while (!there()) {
    if (thread.done) return false;
    thread.step();
  }
  return true;
}

/** Whether somebody holds the lock of a page table. */
function tableLocked(user: UserSpace): boolean {
  const { memory } = user.kernel.machine;
  const { ptl } = memory.of(ptdesc);
  for (let table = 1; table <= memory.of(slots).highest.get(SLOTS_TABLE); table++) {
    if (ptl.get(table) !== 0) return true;
  }
  return false;
}

describe.each(['devmap', 'refcount'] as const)('the order of steps under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  describe.each([1, 512])('on entries of %s pages', (align) => {
    /** CPU 1 has the translation of what CPU 0 is about to change; clean, since a dirty one is flushed at once. */
    function prepared(): UserSpace {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.kernel.machine.cpu = 1;
      user.kernel.call('activate_mm', user.mm);
      user.read(BASE);
      user.kernel.machine.cpu = 0;
      return user;
    }

    function mremap(user: UserSpace): KernelThread {
      const flags = MREMAP_MAYMOVE | MREMAP_FIXED;
      return user.kernel.thread(0, 'sys_mremap', user.mm, BASE, user.unit, user.unit, flags, TARGET);
    }

    it('of munmap: out of the file’s tree, then flushed, then given back', () => {
      const user = prepared();
      const { kernel } = user;
      const shared = kernel.machine.memory.of(vm_area_struct).shared;
      const thread = kernel.thread(0, 'sys_munmap', user.mm, BASE, user.unit);
      expect(stepUntil(thread, () => user.bits(BASE) === undefined)).toBe(true);
      expect(shared.get(1)).toBe(1);
      expect(stepUntil(thread, () => shared.get(1) === 0)).toBe(true);
      expect(kernel.cached(1, BASE / 4096)).not.toBe(0);
      expect(user.counts(0)[0]).toBe(1 + counted);
      expect(stepUntil(thread, () => kernel.cached(1, BASE / 4096) === 0)).toBe(true);
      expect(user.counts(0)[0]).toBe(1 + counted);
      stepUntil(thread, () => false);
      expect(user.counts(0)[0]).toBe(1);
    });

    it('of munmap: others may read the address space while the entries go', () => {
      const user = prepared();
      const thread = user.kernel.thread(0, 'sys_munmap', user.mm, BASE, user.unit);
      expect(stepUntil(thread, () => user.bits(BASE) === undefined)).toBe(true);
      const reader = user.kernel.thread(2, 'mmap_read_lock', user.mm);
      expect(stepUntil(reader, () => reader.done || reader.blocked)).toBe(true);
      expect(reader.done).toBe(true);
    });

    it('of mremap: nobody has the old translation once the entry at the new place is free to use', () => {
      const user = prepared();
      const thread = mremap(user);
      expect(stepUntil(thread, () => user.bits(TARGET) !== undefined && !tableLocked(user))).toBe(true);
      expect(user.kernel.cached(1, BASE / 4096)).toBe(0);
    });

    it('of mremap: an unmapping that is between the two mappings when the entry moves has been to the old one', () => {
      const user = prepared();
      const moving = mremap(user);
      const atNext = (thread: KernelThread) => thread.pending?.primitive === 'vma_interval_tree_next';
      expect(stepUntil(moving, tableLockPending(moving, user))).toBe(true);
      const unmapping = user.kernel.thread(2, 'unmap_mapping_range', 1, 0, 0, 1);
      expect(stepUntil(unmapping, () => atNext(unmapping))).toBe(true);
      unmapping.step();
      expect(stepUntil(unmapping, () => atNext(unmapping))).toBe(true);
      const { shared } = user.kernel.machine.memory.of(vm_area_struct);
      while (!moving.done && !moving.blocked) moving.step();
      expect(shared.get(2)).toBe(2);
      stepUntil(unmapping, () => false);
      stepUntil(moving, () => false);
      expect([user.bits(BASE), user.bits(TARGET)]).toEqual([undefined, undefined]);
      expect(user.counts(0)).toEqual([1, 0]);
    });

    it('of exit: mappings are gone, and may still be referenced, before the address space is held for writing', () => {
      const user = prepared();
      const thread = user.kernel.thread(0, 'exit_mmap', user.mm);
      expect(stepUntil(thread, () => thread.pending?.primitive === 'down_write')).toBe(true);
      expect(user.bits(BASE)).toBeUndefined();
      expect(user.counts(0)).toEqual([1 + counted, 0]);
      stepUntil(thread, () => false);
      expect(user.counts(0)).toEqual([1, 0]);
    });

    it('of fork: the child’s mapping comes right behind its parent’s', () => {
      const user = prepared();
      const other = user.kernel.call('mm_alloc');
      user.kernel.call('sys_mmap', other, user.filp, BASE, user.unit, 3, 1, 0);
      user.kernel.call('dup_mm', user.mm);
      const { shared } = user.kernel.machine.memory.of(vm_area_struct);
      expect([1, 2, 3].map((vma) => shared.get(vma))).toEqual([1, 3, 2]);
    });
  });
});

/** Whether a thread has linked its new VMA and is about to take the first lock of a page table. */
function tableLockPending(thread: KernelThread, user: UserSpace): () => boolean {
  const { shared } = user.kernel.machine.memory.of(vm_area_struct);
  return () => shared.get(2) !== 0 && thread.pending?.primitive === 'spin_lock';
}
