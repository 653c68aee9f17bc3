import { describe, expect, it } from 'vitest';
import { EFAULT, EINVAL, ENOMEM } from '../../../src/kernel/common/include/errno.ts';
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from '../../../src/kernel/common/include/gup_flags.ts';
import { mm_struct } from '../../../src/kernel/state/mm.ts';
import { WRITER } from '../../../src/machine/primitives/locks.ts';
import { AT, GupKernel, PAGE, RO, RW } from './gupKernel.ts';

const UNITS = [
  { align: 1, level: 'pte' },
  { align: 512, level: 'pmd' },
  { align: 262144, level: 'pud' },
] as const;

/** Whether GUP gets along without mmap_lock, which somebody else holds for writing. */
function isFast(kernel: GupKernel, ...args: number[]): boolean {
  const { mmap_lock } = kernel.machine.memory.of(mm_struct);
  mmap_lock.set(1, WRITER);
  const thread = kernel.thread(0, 'pin_pages', 1, ...args);
  while (!thread.done && !thread.blocked) thread.step();
  mmap_lock.set(1, 0);
  const fast = thread.done;
  while (!thread.done) thread.step();
  kernel.call('unpin_pages', thread.result);
  return fast;
}

describe.each(['devmap', 'refcount'] as const)('GUP under the %s scheme', (scheme) => {
  /** What one mapping adds to the reference count. */
  const mapping = scheme === 'refcount' ? 1 : 0;

  describe.each(UNITS)('through entries of $align pages', ({ align, level }) => {
    const UNIT = align * PAGE;

    function prepared(prot = RW): GupKernel {
      const kernel = new GupKernel(scheme, align);
      kernel.process(1, 2 * UNIT, prot);
      kernel.call('cpu_load', 1, AT);
      expect(kernel.leaf(1, AT / PAGE)?.level).toBe(level);
      return kernel;
    }

    it('takes no lock where the entry is there', () => {
      expect(isFast(prepared(), AT, PAGE, 0, 0)).toBe(true);
      expect(isFast(prepared(), AT, PAGE, 1, 0)).toBe(true);
      expect(isFast(prepared(RO), AT, PAGE, 0, 0)).toBe(true);
    });

    it('takes mmap_lock where it has to fault', () => {
      expect(isFast(prepared(), AT + UNIT, PAGE, 0, 0)).toBe(false);
    });

    it('leaves lasting pins to the slow path: devmap all, refcount those for writing or through a read-only entry', () => {
      expect(isFast(prepared(), AT, PAGE, 0, 1)).toBe(scheme === 'refcount');
      expect(isFast(prepared(), AT, PAGE, 1, 1)).toBe(false);
      expect(isFast(prepared(RO), AT, PAGE, 0, 1)).toBe(false);
    });

    it('gives up while fork write-protects entries', () => {
      const kernel = prepared();
      kernel.machine.memory.of(mm_struct).write_protect_seq.set(1, 1);
      expect(isFast(kernel, AT, PAGE, 0, 0)).toBe(false);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });

    it('undoes its pins when fork write-protected entries meanwhile', () => {
      const kernel = prepared();
      const thread = kernel.thread(0, 'gup_fast', 1, AT / PAGE, AT / PAGE + 1, FOLL_PIN);
      while (thread.pending?.primitive !== 'local_irq_restore') thread.step();
      expect(kernel.counts().refcount).toBeGreaterThan(1 + mapping);
      kernel.machine.memory.of(mm_struct).write_protect_seq.set(1, 2);
      while (!thread.done) thread.step();
      expect(thread.result).toBe(0);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
      expect(kernel.leftovers(0)).toBe(0);
    });

    it('refuses to write where the mapping does not allow it, and to take what is not mapped', () => {
      const kernel = prepared(RO);
      expect(kernel.call('pin_pages', 1, AT, PAGE, 1, 0)).toBe(-EFAULT);
      expect(kernel.call('pin_pages', 1, AT + 2 * UNIT, PAGE, 0, 0)).toBe(-EFAULT);
      expect(kernel.call('pin_pages', 1, 2 ** 47 - PAGE, PAGE, 0, 0)).toBe(-EFAULT);
      expect(kernel.call('pin_pages', 1, AT, 0, 0, 0)).toBe(-EINVAL);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });

    it('stops short at the end of the mapping', () => {
      const kernel = prepared();
      const pin = kernel.call('pin_pages', 1, AT + 2 * UNIT - PAGE, 2 * PAGE, 0, 0);
      expect(kernel.held(pin)).toBe(1);
    });

    it('makes the entry of a read-only mapping writable only after mprotect', () => {
      const kernel = prepared(RO);
      expect(kernel.call('sys_mprotect', 1, AT, 2 * UNIT, RW)).toBe(0);
      const pin = kernel.call('pin_pages', 1, AT, PAGE, 1, 0);
      expect(kernel.held(pin)).toBe(1);
      expect(kernel.leaf(1, AT / PAGE)?.flags).toContain('rw');
      expect(kernel.warnings).toEqual([]);
    });

    it('agrees with the slow path on what it takes', () => {
      const fast = prepared();
      fast.touch(1, AT + UNIT);
      const first = fast.call('gup_fast', 1, AT / PAGE, AT / PAGE + align + 1, FOLL_PIN | FOLL_WRITE);
      const slow = prepared();
      slow.touch(1, AT + UNIT);
      const flags = FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM;
      const second = slow.call('__get_user_pages_locked', 1, AT / PAGE, align + 1, flags);
      expect(first).toBe(align + 1);
      expect(second).toBe(align + 1);
      for (const index of [0, align]) expect(fast.counts(index)).toEqual(slow.counts(index));
    }, 120_000);
  });

  it('mlock populates by reading, MADV_POPULATE_WRITE by writing', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, 4 * PAGE);
    expect(kernel.call('__mm_populate', 1, AT / PAGE, AT / PAGE + 2, 0)).toBe(0);
    expect(kernel.leaf(1, AT / PAGE)?.flags).not.toContain('dirty');
    expect(kernel.counts(1)).toEqual({ refcount: 1 + mapping, pincount: 0 });
    expect(kernel.leaf(1, AT / PAGE + 2)).toBeUndefined();
    expect(kernel.call('faultin_page_range', 1, AT / PAGE, AT / PAGE + 4, 1)).toBe(4);
    expect(kernel.leaf(1, AT / PAGE + 3)?.flags).toContain('dirty');
    expect(kernel.counts(3)).toEqual({ refcount: 1 + mapping, pincount: 0 });
  });

  it('tells MADV_POPULATE a missing mapping from a forbidden access', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, PAGE, RO);
    expect(kernel.call('faultin_page_range', 1, AT / PAGE, AT / PAGE + 1, 1)).toBe(-EINVAL);
    expect(kernel.call('faultin_page_range', 1, AT / PAGE + 1, AT / PAGE + 2, 0)).toBe(-ENOMEM);
  });

  it('populates over holes and over VMAs that it may not enter only if errors do not matter', () => {
    const kernel = new GupKernel(scheme, 1);
    kernel.process(1, PAGE);
    kernel.mapped(1, AT + 2 * PAGE, PAGE, RW, 2 * PAGE);
    kernel.mapped(1, AT + 4 * PAGE, PAGE, 0, 4 * PAGE);
    kernel.mapped(1, AT + 6 * PAGE, PAGE, RW, 6 * PAGE);
    expect(kernel.call('__mm_populate', 1, AT / PAGE, AT / PAGE + 7, 0)).toBe(-EFAULT);
    expect(kernel.counts(2).refcount).toBe(1 + mapping);
    expect(kernel.counts(6).refcount).toBe(1);
    expect(kernel.call('__mm_populate', 1, AT / PAGE, AT / PAGE + 7, 1)).toBe(0);
    expect(kernel.counts(6).refcount).toBe(1 + mapping);
  });
});
