import { describe, expect, it } from 'vitest';
import { ESRCH } from '../../../src/kernel/common/include/errno.ts';
import { MADV_DONTFORK, MCL_FUTURE } from '../../../src/kernel/common/include/mman.ts';
import { mm_struct } from '../../../src/kernel/state/mm.ts';
import { SLOTS_MM, SLOTS_TABLE, SLOTS_VMA, slots } from '../../../src/kernel/state/slots.ts';
import { cpu } from '../../../src/machine/cpus.ts';
import { BASE, UserSpace } from './userSpace.ts';

const PAGE = 4096;

/** Runs `body` as the process of another address space, on CPU 1. */
function as<Value>(user: UserSpace, mm: number, body: () => Value): Value {
  const parent = user.mm;
  user.kernel.machine.cpu = 1;
  user.kernel.call('activate_mm', mm);
  user.mm = mm;
  const value = body();
  user.kernel.machine.cpu = 0;
  user.mm = parent;
  return value;
}

describe.each(['devmap', 'refcount'] as const)('a process under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  describe.each([1, 512])('with entries of %s pages', (align) => {
    it('gives a forked child its mappings and no page tables', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE, 1);
      const entry = user.bits(BASE);
      const child = user.kernel.call('dup_mm', user.mm);
      expect(user.mappings(child)).toEqual(user.mappings());
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.fileHolds()).toBe(3);
      as(user, child, () => {
        expect(user.bits(BASE)).toBeUndefined();
        expect(user.kernel.rss(child)).toBe(0);
        expect(user.read(BASE)).toBe(1);
        expect(user.counts(0)).toEqual([1 + 2 * counted, 2 * counted]);
        expect(user.write(BASE, 2)).toBe(0);
      });
      expect(user.read(BASE)).toBe(2);
      expect(user.bits(BASE)).toBe(entry);
      as(user, child, () => user.kernel.call('exit_mm', child));
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect([user.fileHolds(), user.locksHeld()]).toEqual([2, 0]);
    });

    it('gives everything back when it exits', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(2);
      user.write(BASE);
      user.read(BASE + user.unit);
      user.mmap(user.unit, { at: 2 * BASE, offset: 3 * user.unit });
      user.write(2 * BASE);
      user.kernel.call('exit_mm', user.mm);
      expect([0, 1, 3].map((unit) => user.counts(unit))).toEqual([
        [1, 0],
        [1, 0],
        [1, 0],
      ]);
      const { memory } = user.kernel.machine;
      const { highest } = memory.of(slots);
      expect([SLOTS_VMA, SLOTS_TABLE, SLOTS_MM].map((kind) => highest.get(kind))).toEqual([0, 0, 0]);
      expect([user.fileHolds(), user.kernel.rss(1)]).toEqual([1, 0]);
      expect(memory.of(cpu).address_space.get(0)).toBe(0);
      expect(user.kernel.cached(0, BASE / PAGE)).toBe(0);
      expect(user.kernel.warnings).toEqual([]);
    });

    it('loses its mappings when it executes a program', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE);
      user.mm = user.kernel.call('exec_mmap', user.mm);
      expect(user.counts(0)).toEqual([1, 0]);
      expect(user.mappings()).toEqual([]);
      expect(user.kernel.machine.memory.of(cpu).address_space.get(0)).toBe(user.mm);
      expect(user.mapUnits(1)).toBe(BASE);
      expect(user.write(BASE)).toBe(0);
      expect(user.fileHolds()).toBe(2);
    });
  });

  it('does not give a child what MADV_DONTFORK keeps back, nor that mappings are to be locked', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(3);
    user.madvise(BASE + PAGE, PAGE, MADV_DONTFORK);
    user.kernel.call('sys_mlockall', user.mm, MCL_FUTURE);
    const child = user.kernel.call('dup_mm', user.mm);
    expect(user.mappings(child).map(({ pgoff }) => pgoff)).toEqual([0, 2]);
    expect(user.kernel.machine.memory.of(mm_struct).def_flags.get(child)).toBe(0);
  });

  it('drops the parent’s cached translations at a fork', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(1);
    user.write(BASE);
    expect(user.kernel.cached(0, BASE / PAGE)).not.toBe(0);
    user.kernel.call('dup_mm', user.mm);
    expect(user.kernel.cached(0, BASE / PAGE)).toBe(0);
  });

  it('keeps its address space until the last of its threads has left', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(1);
    user.write(BASE);
    user.kernel.call('mmget', user.mm);
    user.kernel.call('exit_mm', user.mm);
    expect(user.counts(0)).toEqual([1 + counted, counted]);
    expect(user.kernel.call('mmget_not_zero', user.mm)).toBe(1);
    user.kernel.call('mmput', user.mm);
    user.kernel.call('mmput', user.mm);
    expect(user.counts(0)).toEqual([1, 0]);
  });

  it('can be read and written by another process up to its end, and not beyond', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(1);
    expect(user.kernel.call('process_vm_write', user.mm, BASE, 7)).toBe(1);
    expect(user.kernel.call('process_vm_read_byte', user.mm, BASE)).toBe(7);
    user.kernel.call('exit_mm', user.mm);
    expect(user.kernel.call('process_vm_write', user.mm, BASE, 8)).toBe(-ESRCH);
    expect(user.kernel.call('process_vm_read', user.mm, BASE, 1)).toBe(-ESRCH);
    expect(user.kernel.call('process_vm_read_byte', user.mm, BASE)).toBe(-ESRCH);
    expect(user.counts(0)).toEqual([1, 0]);
  });

  it('lets a child unmap and remap without the parent noticing', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(2);
    user.write(BASE);
    const child = user.kernel.call('dup_mm', user.mm);
    as(user, child, () => {
      user.read(BASE);
      expect(user.munmap(BASE, PAGE)).toBe(0);
      expect(user.mappings()).toHaveLength(1);
    });
    expect(user.mappings()).toHaveLength(1);
    expect(user.mapped(BASE)).toBe(0);
    expect(user.counts(0)).toEqual([1 + counted, counted]);
  });
});
