import { describe, expect, it } from 'vitest';
import { SIGNAL_SIGBUS, SIGNAL_SIGSEGV } from '../../../src/kernel/common/include/errno.ts';
import { VM_HUGEPAGE, VM_NOHUGEPAGE, VM_SOFTDIRTY } from '../../../src/kernel/common/include/vm_flags.ts';
import { dax_device } from '../../../src/kernel/state/dax.ts';
import { PG_dirty } from '../../../src/kernel/state/memmap.ts';
import { DEVICE_PFN, ModelKernel, READ_ONLY, READ_WRITE } from './modelKernel.ts';

/** Address of the mapping, in pages: aligned to 1 GiB. */
const AT = 6 * 262144;
const SIZES = [
  { align: 1, level: 'pte' },
  { align: 512, level: 'pmd' },
  { align: 262144, level: 'pud' },
] as const;

/** Flags of a fresh entry, from ground-truth read-fault and write-fault of 6.12.95 and 7.3.4. */
function freshFlags(scheme: 'devmap' | 'refcount', level: 'pte' | 'pmd' | 'pud', write: boolean): string[] {
  const flags = new Set(['present', 'rw', 'user', 'young', 'nx']);
  if (level !== 'pte') flags.add('huge');
  if (scheme === 'devmap') flags.add('devmap');
  if (scheme === 'devmap' && level === 'pte') flags.add('special');
  if (write) flags.add('dirty');
  if (write && (scheme === 'refcount' || level !== 'pte')) flags.add('soft_dirty');
  return [...flags].sort();
}

describe.each(['devmap', 'refcount'] as const)('a fault under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  describe.each(SIZES)('on a device of $align pages alignment', ({ align, level }) => {
    it.each([false, true])('puts in the entry that Linux has (write: %s)', (write) => {
      const kernel = new ModelKernel(scheme, align);
      kernel.runIn(0, 1);
      kernel.map(1, AT, AT + 2 * align);
      const result = write ? kernel.store(1, AT, 7) : kernel.load(1, AT);
      expect(result).toBe(0);
      const leaf = kernel.leaf(1, AT);
      expect(leaf?.level).toBe(level);
      expect(leaf?.pfn).toBe(DEVICE_PFN);
      expect([...(leaf?.flags ?? [])].sort()).toEqual(freshFlags(scheme, level, write));
      expect(kernel.leaf(1, AT + align)).toBeUndefined();
      expect(kernel.warnings).toEqual([]);
    });

    it('counts one reference and one mapping an entry under refcount, nothing under devmap', () => {
      const kernel = new ModelKernel(scheme, align);
      kernel.runIn(0, 1);
      kernel.map(1, AT, AT + align);
      kernel.map(1, AT + 8 * 262144, AT + 8 * 262144 + align);
      kernel.load(1, AT);
      expect(kernel.page(0).refcount).toBe(1 + counted);
      kernel.store(1, AT + 8 * 262144, 1);
      const head = kernel.page(0);
      expect(head.refcount).toBe(1 + 2 * counted);
      expect(align === 1 ? head.mapcount : head.large).toBe(2 * counted);
      expect(head.entire).toBe(align === 1 ? 0 : 2 * counted);
      expect(head.nrMapped).toBe(align === 1 ? 0 : 8388608 * counted);
      expect(kernel.rss(1)).toBe(2 * align * counted);
    });

    it('lets the processor set the dirty bit of a writable entry that a read put in', () => {
      const kernel = new ModelKernel(scheme, align);
      kernel.runIn(0, 1);
      kernel.map(1, AT, AT + align);
      kernel.load(1, AT);
      const before = kernel.leaf(1, AT)?.flags ?? [];
      kernel.store(1, AT, 9);
      expect([...(kernel.leaf(1, AT)?.flags ?? [])].sort()).toEqual([...before, 'dirty'].sort());
      expect(kernel.page(0).refcount).toBe(1 + counted);
    });
  });

  it('reads through one mapping what was written through another', () => {
    const kernel = new ModelKernel(scheme, 512);
    kernel.runIn(1, 2);
    kernel.map(2, AT, AT + 512);
    kernel.store(2, AT + 3, 77);
    kernel.runIn(0, 1);
    kernel.map(1, AT, AT + 512);
    expect(kernel.load(1, AT + 3)).toBe(77);
    expect(kernel.load(1, AT + 3, 1)).toBe(0);
  });

  it('ends in SIGSEGV where nothing is mapped, beyond user space, and for a write to a read-only mapping', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(0, 1);
    kernel.map(1, AT, AT + 1, READ_ONLY);
    expect(kernel.load(1, AT + 1)).toBe(SIGNAL_SIGSEGV);
    expect(kernel.load(1, 2 ** 35 + AT)).toBe(SIGNAL_SIGSEGV);
    expect(kernel.store(1, AT, 1)).toBe(SIGNAL_SIGSEGV);
    expect(kernel.load(1, AT)).toBe(0);
    expect(kernel.store(1, AT, 1)).toBe(SIGNAL_SIGSEGV);
    expect(kernel.leaf(1, AT)?.flags).not.toContain('rw');
  });

  it('ends in SIGBUS behind the device and on a dead device', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(0, 1);
    kernel.map(1, AT, AT + 2, READ_WRITE, 4 * 262144 - 1);
    expect(kernel.load(1, AT)).toBe(0);
    expect(kernel.load(1, AT + 1)).toBe(SIGNAL_SIGBUS);
    kernel.machine.memory.of(dax_device).flags.set(0, 0);
    kernel.map(1, AT + 8, AT + 9);
    expect(kernel.load(1, AT + 8)).toBe(SIGNAL_SIGBUS);
    expect(kernel.load(1, AT)).toBe(0);
  });

  it('ends in SIGBUS for a 2 MiB device once MADV_NOHUGEPAGE forbids huge entries', () => {
    const kernel = new ModelKernel(scheme, 512);
    kernel.runIn(0, 1);
    kernel.map(1, AT, AT + 512, (READ_WRITE & ~VM_HUGEPAGE) | VM_NOHUGEPAGE);
    expect(kernel.load(1, AT)).toBe(SIGNAL_SIGBUS);
    expect(kernel.leaf(1, AT)).toBeUndefined();
  });

  it.each([1, 512])(
    'makes a read-only entry of %s pages writable in place when the mapping allows it',
    (align) => {
      const kernel = new ModelKernel(scheme, align);
      kernel.runIn(1, 1);
      kernel.runIn(0, 1);
      kernel.map(1, AT, AT + align, READ_WRITE & ~VM_SOFTDIRTY);
      kernel.load(1, AT);
      kernel.machine.cpu = 1;
      kernel.load(1, AT);
      const before = kernel.leaf(1, AT)?.flags ?? [];
      expect(before).not.toContain('rw');
      expect(kernel.store(1, AT, 3)).toBe(0);
      const after = kernel.leaf(1, AT)?.flags ?? [];
      expect([...after].sort()).toEqual([...before, 'rw', 'dirty', 'soft_dirty'].sort());
      expect(kernel.page(0).refcount).toBe(1 + counted);
      expect(kernel.page(0).flags & PG_dirty).toBe(align === 1 && scheme === 'refcount' ? PG_dirty : 0);
      kernel.machine.cpu = 0;
      expect(kernel.store(1, AT, 4)).toBe(0);
      expect(kernel.load(1, AT)).toBe(4);
    },
  );

  it('keeps a writable translation from one CPU after another only read', () => {
    const kernel = new ModelKernel(scheme, 1);
    kernel.runIn(1, 1);
    kernel.runIn(0, 1);
    kernel.map(1, AT, AT + 1);
    kernel.load(1, AT);
    kernel.machine.cpu = 1;
    kernel.store(1, AT, 5);
    expect(kernel.cached(0, AT) & 16).toBe(0);
    expect(kernel.cached(1, AT) & 16).toBe(16);
    expect(kernel.cached(2, AT)).toBe(0);
  });
});
