import { describe, expect, it } from 'vitest';
import { EBUSY, EINVAL, ENODEV, ENXIO, SIGNAL_SIGBUS } from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import { MAP_PRIVATE, MAP_SHARED, PROT_READ } from '../../../src/kernel/common/include/mman.ts';
import { VM_FAULT_FALLBACK, VM_FAULT_SIGBUS } from '../../../src/kernel/common/include/vm_fault.ts';
import { dev_dax, dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { AT, GupKernel, PAGE, RW } from '../gup/gupKernel.ts';
import { DEVICE_PFN } from '../mm/modelKernel.ts';

const PTE = 1;
const PMD = 512;
const PUD = 262144;

describe.each(['devmap', 'refcount'] as const)('the device_dax driver under the %s scheme', (scheme) => {
  /** What one mapping adds to the reference count. */
  const mapping = scheme === 'refcount' ? 1 : 0;

  describe('a fault', () => {
    /* semantics of dev_dax_huge_fault: alignment of the device, pages of the level, answer (0: a frame) */
    it.each([
      [PTE, PTE, 0],
      [PTE, PMD, VM_FAULT_FALLBACK],
      [PTE, PUD, VM_FAULT_FALLBACK],
      [PMD, PTE, VM_FAULT_SIGBUS],
      [PMD, PMD, 0],
      [PMD, PUD, VM_FAULT_FALLBACK],
      [PUD, PTE, VM_FAULT_SIGBUS],
      [PUD, PMD, VM_FAULT_SIGBUS],
      [PUD, PUD, 0],
    ])('on a device of %i pages alignment at a level of %i pages answers %i', (align, nr, answer) => {
      const kernel = new GupKernel(scheme, align);
      kernel.process(1, 2 * 2 ** 30);
      const got = kernel.call('dev_dax_fault_pfn', 0, 1, AT / PAGE + align + 5, nr);
      expect(got).toBe(answer === 0 ? DEVICE_PFN + align + (nr === 1 ? 5 : 0) : -answer);
    });

    it('notes the folio’s place in the file, counted from where its entry begins', () => {
      for (const align of [PTE, PMD, PUD]) {
        const kernel = new GupKernel(scheme, align);
        kernel.process(1, 2 * 2 ** 30);
        kernel.call('cpu_load', 1, AT + (2 * align - 1) * PAGE);
        const pages = kernel.machine.memory.of(page);
        const folio = DEVICE_PFN + 2 * align - 1 - ((2 * align - 1) % align);
        expect(pages.mapping.get(folio)).toBe(1);
        expect(pages.index.get(folio)).toBe(folio - DEVICE_PFN);
        expect(pages.mapping.get(folio + align)).toBe(0);
      }
    });

    it('beyond the end of the device is SIGBUS', () => {
      const kernel = new GupKernel(scheme, PTE);
      kernel.machine.memory.of(dev_dax).nr_pages.set(0, 2);
      kernel.process(1, 3 * PAGE);
      expect(kernel.call('cpu_load', 1, AT + PAGE)).toBe(0);
      expect(kernel.call('cpu_load', 1, AT + 2 * PAGE)).toBe(SIGNAL_SIGBUS);
    });
  });

  it('maps shared and aligned only', () => {
    const kernel = new GupKernel(scheme, PMD);
    kernel.runIn(0, 1);
    const filp = kernel.call('dax_open', 0, FMODE_READ);
    const mmap = (length: number, flags: number, offset: number): number =>
      kernel.call('sys_mmap', 1, filp, 0, length, PROT_READ, flags, offset);
    expect(mmap(PMD * PAGE, MAP_PRIVATE, 0)).toBe(-EINVAL);
    expect(mmap(PAGE, MAP_SHARED, 0)).toBe(-EINVAL);
    expect(mmap(PMD * PAGE, MAP_SHARED, 0) % (PMD * PAGE)).toBe(0);
  });

  it('splits no VMA inside of what one entry maps', () => {
    const kernel = new GupKernel(scheme, PMD);
    kernel.process(1, 4 * PMD * PAGE);
    expect(kernel.call('dev_dax_may_split', 1, AT / PAGE + 1)).toBe(-EINVAL);
    expect(kernel.call('dev_dax_may_split', 1, AT / PAGE + PMD)).toBe(0);
    expect(kernel.call('sys_munmap', 1, AT, PAGE)).toBe(-EINVAL);
  });

  it('unbinds under a mapping, which then faults, and binds with fresh pages and the old bytes', () => {
    const kernel = new GupKernel(scheme, PTE);
    kernel.process(1, 2 * PAGE);
    kernel.touch(1, AT, 65);
    kernel.touch(1, AT + PAGE, 66);
    expect(kernel.rss(1)).toBe(2 * mapping);
    expect(kernel.call('device_unbind', 0)).toBe(0);
    expect(kernel.rss(1)).toBe(0);
    expect(kernel.call('cpu_load', 1, AT)).toBe(SIGNAL_SIGBUS);
    expect(kernel.touch(1, AT + PAGE)).toBe(SIGNAL_SIGBUS);
    expect(kernel.machine.memory.of(dev_pagemap).memmap.get(0)).toBe(0);
    expect(kernel.call('sys_munmap', 1, AT, 2 * PAGE)).toBe(0);
    expect(kernel.call('device_bind', 0)).toBe(0);
    expect(kernel.counts()).toEqual({ refcount: 1, pincount: 0 });
    expect(kernel.machine.memory.of(page).mapping.get(DEVICE_PFN)).toBe(0);
    kernel.mapped(1, AT, 2 * PAGE, RW, 0);
    expect(kernel.call('cpu_load', 1, AT)).toBe(65);
    expect(kernel.warnings).toEqual([]);
  });

  it('answers as sysfs does when there is nothing to bind or unbind', () => {
    const kernel = new GupKernel(scheme, PTE);
    expect(kernel.call('device_bind', 0)).toBe(-EBUSY);
    expect(kernel.call('device_unbind', 0)).toBe(0);
    expect(kernel.call('device_unbind', 0)).toBe(-ENODEV);
  });

  it('an old descriptor does not map while the device is unbound, and does again after', () => {
    const kernel = new GupKernel(scheme, PTE);
    kernel.runIn(0, 1);
    const old = kernel.call('dax_open', 0, FMODE_READ);
    kernel.call('device_unbind', 0);
    const mmap = (filp: number): number =>
      kernel.call('sys_mmap', 1, filp, 0, PAGE, PROT_READ, MAP_SHARED, 0);
    expect(mmap(old)).toBe(-ENXIO);
    expect(kernel.call('dax_open', 0, FMODE_READ)).toBeGreaterThan(0);
    kernel.call('device_bind', 0);
    expect(mmap(old)).toBeGreaterThan(0);
  });

  it('cannot be mapped, and that is an oops, with a descriptor that was opened while it was unbound', () => {
    const kernel = new GupKernel(scheme, PTE);
    kernel.runIn(0, 1);
    kernel.call('dax_open', 0, FMODE_READ);
    kernel.call('device_unbind', 0);
    const filp = kernel.call('dax_open', 0, FMODE_READ);
    kernel.call('device_bind', 0);
    expect(kernel.call('sys_mmap', 1, filp, 0, PAGE, PROT_READ, MAP_SHARED, 0)).toBeLessThan(0);
    expect(kernel.warnings).toEqual(['check_vma: NULL pointer dereference, the file has no dev_dax']);
  });

  it('cannot be opened while it is unbound and nobody has it open', () => {
    const kernel = new GupKernel(scheme, PTE);
    const old = kernel.call('dax_open', 0, FMODE_READ);
    kernel.call('device_unbind', 0);
    kernel.call('fput', old);
    expect(kernel.call('dax_open', 0, FMODE_READ)).toBe(-ENXIO);
    kernel.call('device_bind', 0);
    expect(kernel.call('dax_open', 0, FMODE_READ)).toBeGreaterThan(0);
  });

  it('refuses a range that a live pgmap covers already', () => {
    const kernel = new GupKernel(scheme, PTE);
    const { align, start_pfn, nr_pages } = kernel.machine.memory.of(dev_dax);
    align.set(1, 1);
    start_pfn.set(1, DEVICE_PFN + 5);
    nr_pages.set(1, 10);
    expect(kernel.call('device_bind', 1)).toBeLessThan(0);
    expect(kernel.warnings).toHaveLength(1);
    expect(kernel.machine.memory.of(dev_dax).bound.get(1)).toBe(0);
    expect(kernel.machine.memory.of(dev_pagemap).published.get(1)).toBe(0);
    expect(kernel.pgmapRef()).toBe(1 + 4 * 262144);
  });

  it('counts one pgmap reference a compound page', () => {
    expect(new GupKernel(scheme, PMD).pgmapRef()).toBe(1 + 4 * 512);
    expect(new GupKernel(scheme, PUD).pgmapRef()).toBe(1 + 4);
  });
});
