import { describe, expect, it } from 'vitest';
import {
  EACCES,
  EINVAL,
  ENOMEM,
  SIGNAL_SIGBUS,
  SIGNAL_SIGSEGV,
} from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../../../src/kernel/common/include/mman.ts';
import { BASE, RW, UserSpace } from './userSpace.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;

/** Entries in the read-back mprotect-ro-then-write of 6.12.95 and 7.3.4: written, made read-only, made writable again. */
const readBack = {
  devmap: { 1: ['wdaVS', 'aVSD', 'wdaVS'], 512: ['wdaVs', 'aVs', 'waVs'] },
  refcount: { 1: ['wdas', 'asD', 'wdas'], 512: ['wdas', 'asD', 'wdas'] },
} as const;

describe.each(['devmap', 'refcount'] as const)('mprotect under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  describe.each([1, 512] as const)('on entries of %s pages', (align) => {
    const [written, readOnly, writable] = readBack[scheme][align];

    it('changes the entries that are there, and no count', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(2);
      user.write(BASE);
      expect(user.bits(BASE)).toBe(written);
      expect(user.mprotect(BASE, user.unit, PROT_READ)).toBe(0);
      expect(user.bits(BASE)).toBe(readOnly);
      expect(user.mappings()).toMatchObject([{ pgoff: 0 }, { pgoff: align }]);
      expect(user.write(BASE)).toBe(SIGNAL_SIGSEGV);
      expect(user.read(BASE)).toBe(1);
      expect(user.write(BASE + user.unit)).toBe(0);
      expect(user.mprotect(BASE, user.unit, RW)).toBe(0);
      expect(user.bits(BASE)).toBe(writable);
      expect(user.mappings()).toHaveLength(1);
      expect(user.write(BASE)).toBe(0);
      expect(user.bits(BASE)).toBe(written);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.fileHolds()).toBe(2);
      expect(user.locksHeld()).toBe(0);
    });

    it('takes writing away from a processor that has the translation', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE);
      expect(user.kernel.cached(0, BASE / PAGE)).not.toBe(0);
      user.mprotect(BASE, user.unit, PROT_READ);
      expect(user.kernel.cached(0, BASE / PAGE)).toBe(0);
    });

    it('takes all access away with PROT_NONE and keeps the page, counts and frame', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE, 9);
      expect(user.mprotect(BASE, user.unit, 0)).toBe(0);
      expect(user.flags(BASE)).toContain('protnone');
      expect(user.flags(BASE)).not.toContain('present');
      expect(user.read(BASE)).toBe(SIGNAL_SIGSEGV);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.mprotect(BASE, user.unit, RW)).toBe(0);
      expect(user.read(BASE)).toBe(9);
      expect(user.mapped(BASE)).toBe(0);
      expect(user.munmap(BASE, user.unit)).toBe(0);
      expect(user.counts(0)).toEqual([1, 0]);
    });

    it('lets execute what may be executed', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE);
      user.mprotect(BASE, user.unit, PROT_READ | PROT_EXEC);
      expect(user.flags(BASE)).not.toContain('nx');
      user.mprotect(BASE, user.unit, PROT_READ);
      expect(user.flags(BASE)).toContain('nx');
    });
  });

  it('makes no entry writable itself once soft-dirty was cleared, not even one that was written since', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(2);
    user.write(BASE);
    user.kernel.call('clear_refs_write', user.mm, 4);
    user.write(BASE);
    user.read(BASE + MIB2);
    user.mprotect(BASE, 2 * MIB2, PROT_READ);
    user.mprotect(BASE, 2 * MIB2, RW);
    expect(user.flags(BASE + MIB2)).not.toContain('rw');
    expect(user.flags(BASE)).not.toContain('rw');
    user.write(BASE);
    expect(user.flags(BASE)).toContain('rw');
  });

  it('stops at the first hole, with what comes before it changed', () => {
    const user = new UserSpace(scheme, 1);
    user.mmap(PAGE, { at: BASE });
    user.mmap(PAGE, { at: BASE + 2 * PAGE });
    user.write(BASE);
    user.write(BASE + 2 * PAGE);
    expect(user.mprotect(BASE, 3 * PAGE, PROT_READ)).toBe(-ENOMEM);
    expect([BASE, BASE + 2 * PAGE].map((at) => user.flags(at)?.includes('rw'))).toEqual([false, true]);
    expect(user.mprotect(BASE + PAGE, 2 * PAGE, PROT_READ)).toBe(-ENOMEM);
    expect(user.mprotect(BASE, 2 * PAGE, RW)).toBe(-ENOMEM);
    expect(user.locksHeld()).toBe(0);
  });

  it('refuses what the file was not opened for, and arguments that make no sense', () => {
    const user = new UserSpace(scheme, 1, FMODE_READ);
    user.mmap(PAGE, { at: BASE, prot: PROT_READ });
    expect(user.mprotect(BASE, PAGE, PROT_WRITE)).toBe(-EACCES);
    expect(user.mprotect(BASE + 1, PAGE, PROT_READ)).toBe(-EINVAL);
    expect(user.mprotect(BASE, PAGE, 64)).toBe(-EINVAL);
    expect(user.mprotect(BASE, 0, RW)).toBe(0);
    expect(user.mprotect(2 * BASE, PAGE, PROT_READ)).toBe(-ENOMEM);
  });

  it('refuses to cut a 2 MiB unit, unless a neighbour takes the part over', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(3);
    user.write(BASE + MIB2);
    expect(user.mprotect(BASE + MIB2 + PAGE, PAGE, PROT_READ)).toBe(-EINVAL);
    expect(user.bits(BASE + MIB2)).toBe(readBack[scheme][512][0]);
    expect(user.mprotect(BASE, MIB2, PROT_READ)).toBe(0);
    expect(user.mprotect(BASE + MIB2, PAGE, PROT_READ)).toBe(0);
    expect(user.mappings()).toMatchObject([{ end: (BASE + MIB2) / PAGE + 1 }, { pgoff: 513 }]);
    expect(user.counts(1)).toEqual([1, 0]);
    expect(user.read(BASE + MIB2 + PAGE)).toBe(SIGNAL_SIGBUS);
    expect(user.munmap(BASE, 3 * MIB2)).toBe(0);
    expect([user.fileHolds(), user.locksHeld()]).toEqual([1, 0]);
  });
});
