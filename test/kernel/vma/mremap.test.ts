import { describe, expect, it } from 'vitest';
import {
  EFAULT,
  EINVAL,
  ENOMEM,
  SIGNAL_SIGBUS,
  SIGNAL_SIGSEGV,
} from '../../../src/kernel/common/include/errno.ts';
import { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from '../../../src/kernel/common/include/mman.ts';
import { BASE, UserSpace } from './userSpace.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;
const TARGET = BASE + 4 * GIB;
const FIXED = MREMAP_MAYMOVE | MREMAP_FIXED;

/** Entries in the read-back mremap-move of 6.12.95 and 7.3.4, at the new address: a written one and one only read. */
const moved = {
  devmap: { 1: ['wdaVSs', 'waVSs'], 512: ['wdaVs', 'waVs'] },
  refcount: { 1: ['wdas', 'was'], 512: ['wdas', 'was'] },
} as const;

describe.each(['devmap', 'refcount'] as const)('mremap under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  describe.each([1, 512] as const)('on entries of %s pages', (align) => {
    it('moves the entries, which keep their references', () => {
      const user = new UserSpace(scheme, align);
      const { unit } = user;
      user.mapUnits(2);
      user.write(BASE, 5);
      user.read(BASE + unit);
      expect(user.mremap(BASE, 2 * unit, 2 * unit, FIXED, TARGET)).toBe(TARGET);
      expect([user.bits(TARGET), user.bits(TARGET + unit)]).toEqual(moved[scheme][align]);
      expect([user.counts(0), user.counts(1)]).toEqual([
        [1 + counted, counted],
        [1 + counted, counted],
      ]);
      expect(user.kernel.rss(user.mm)).toBe(2 * align * counted);
      expect(user.read(TARGET)).toBe(5);
      expect(user.read(BASE)).toBe(SIGNAL_SIGSEGV);
      expect(user.mappings()).toMatchObject([{ start: TARGET / PAGE, pgoff: 0 }]);
      expect([user.fileHolds(), user.locksHeld()]).toEqual([2, 0]);
      expect(user.munmap(TARGET, 2 * unit)).toBe(0);
      expect(user.counts(0)).toEqual([1, 0]);
      expect(user.kernel.tables()).toBe(1);
    });

    it('leaves no processor the old translation', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE);
      user.mremap(BASE, user.unit, user.unit, FIXED, TARGET);
      expect(user.kernel.cached(0, BASE / PAGE)).toBe(0);
    });

    it('grows in place where there is room, and elsewhere where there is none', () => {
      const user = new UserSpace(scheme, align);
      const { unit } = user;
      user.mapUnits(1);
      user.write(BASE);
      expect(user.mremap(BASE, unit, 3 * unit, 0)).toBe(BASE);
      expect(user.write(BASE + 2 * unit)).toBe(0);
      expect(user.mapped(BASE + 2 * unit)).toBe(2 * align);
      expect(user.mappings()).toHaveLength(1);
      user.mmap(unit, { at: BASE + 3 * unit, offset: 0 });
      expect(user.mremap(BASE, 3 * unit, 4 * unit, 0)).toBe(-ENOMEM);
      const elsewhere = user.mremap(BASE, 3 * unit, 4 * unit, MREMAP_MAYMOVE);
      expect(elsewhere % unit).toBe(0);
      expect(elsewhere).not.toBe(BASE);
      expect([0, 1, 2].map((at) => user.mapped(elsewhere + at * unit))).toEqual([0, undefined, 2 * align]);
      expect(user.write(elsewhere + 3 * unit)).toBe(0);
      expect(user.read(BASE)).toBe(SIGNAL_SIGSEGV);
    });

    it('shrinks by unmapping, in place and on the way elsewhere', () => {
      const user = new UserSpace(scheme, align);
      const { unit } = user;
      user.mapUnits(3);
      for (const at of [0, 1, 2]) user.write(BASE + at * unit);
      expect(user.mremap(BASE, 3 * unit, 2 * unit, 0)).toBe(BASE);
      expect([0, 1, 2].map((at) => user.counts(at)[1])).toEqual([counted, counted, 0]);
      expect(user.mremap(BASE, 2 * unit, unit, FIXED, TARGET)).toBe(TARGET);
      expect([0, 1, 2].map((at) => user.counts(at)[1])).toEqual([counted, 0, 0]);
      expect(user.mappings()).toMatchObject([{ start: TARGET / PAGE, end: (TARGET + unit) / PAGE }]);
      expect(user.locksHeld()).toBe(0);
    });

    it('replaces what is at a fixed target', () => {
      const user = new UserSpace(scheme, align);
      const { unit } = user;
      user.mapUnits(1);
      user.mmap(unit, { at: TARGET, offset: 5 * unit });
      user.write(BASE);
      user.write(TARGET);
      expect(user.counts(5)).toEqual([1 + counted, counted]);
      expect(user.mremap(BASE, unit, unit, FIXED, TARGET)).toBe(TARGET);
      expect(user.counts(5)).toEqual([1, 0]);
      expect(user.mapped(TARGET)).toBe(0);
    });

    it('leaves the old mapping empty with MREMAP_DONTUNMAP', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE, 3);
      const elsewhere = user.mremap(BASE, user.unit, user.unit, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
      expect(user.mappings()).toHaveLength(2);
      expect(user.mapped(elsewhere)).toBe(0);
      expect(user.bits(BASE)).toBeUndefined();
      expect(user.read(BASE)).toBe(3);
      expect(user.counts(0)).toEqual([1 + 2 * counted, 2 * counted]);
    });

    it('maps the same once more when the old length is 0', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE);
      const twin = user.mremap(BASE, 0, user.unit, MREMAP_MAYMOVE);
      expect(user.mappings()).toMatchObject([{ pgoff: 0 }, { pgoff: 0 }]);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.read(twin)).toBe(1);
    });
  });

  it('moves part of a mapping, and splits it for that', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(3);
    for (const at of [0, 1, 2]) user.write(BASE + at * PAGE);
    expect(user.mremap(BASE + PAGE, PAGE, PAGE, FIXED, BASE + 100 * PAGE)).toBe(BASE + 100 * PAGE);
    expect(user.mappings().map(({ pgoff }) => pgoff)).toEqual([0, 2, 1]);
    expect(user.mapped(BASE + 100 * PAGE)).toBe(1);
    expect(user.fileHolds()).toBe(4);
    expect(user.mremap(BASE + 100 * PAGE, PAGE, PAGE, FIXED, BASE + PAGE)).toBe(BASE + PAGE);
    expect(user.mappings()).toHaveLength(1);
    expect([0, 1, 2].map((at) => user.counts(at)[1])).toEqual([counted, counted, counted]);
    expect([user.fileHolds(), user.locksHeld()]).toEqual([2, 0]);
  });

  it('moves whole page tables at once, in which nothing becomes soft-dirty', () => {
    const user = new UserSpace(scheme, 1);
    user.mmap(MIB2, { at: BASE });
    user.read(BASE + 7 * PAGE);
    expect(user.mremap(BASE, MIB2, MIB2, FIXED, TARGET)).toBe(TARGET);
    expect(user.mapped(TARGET + 7 * PAGE)).toBe(7);
    expect(user.flags(TARGET + 7 * PAGE)).not.toContain('soft_dirty');
    expect(user.kernel.cached(0, BASE / PAGE + 7)).toBe(0);
    user.munmap(TARGET, MIB2);
    expect(user.kernel.tables()).toBe(1);
    user.mmap(GIB, { at: BASE });
    user.write(BASE + 3 * MIB2);
    expect(user.mremap(BASE, GIB, GIB, FIXED, TARGET)).toBe(TARGET);
    expect(user.mapped(TARGET + 3 * MIB2)).toBe(3 * 512);
    user.munmap(TARGET, GIB);
    expect([user.kernel.tables(), user.counts(3 * 512)[0]]).toEqual([1, 1]);
    expect(user.kernel.warnings).toEqual([]);
  });

  it('loses 1 GiB entries, and with them what they count', () => {
    const user = new UserSpace(scheme, 262144);
    user.mapUnits(1);
    user.write(BASE, 4);
    expect(user.mremap(BASE, GIB, GIB, FIXED, TARGET)).toBe(TARGET);
    expect(user.kernel.leaf(user.mm, TARGET / PAGE)).toBeUndefined();
    expect(user.counts(0)).toEqual([1 + counted, counted]);
    expect(user.read(TARGET)).toBe(4);
    expect(user.counts(0)).toEqual([1 + 2 * counted, 2 * counted]);
  });

  it('drops a 2 MiB entry that cannot stay whole at the target, where then nothing works', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(1);
    user.write(BASE);
    expect(user.mremap(BASE, MIB2, MIB2, FIXED, TARGET + PAGE)).toBe(TARGET + PAGE);
    expect(user.counts(0)).toEqual([1, 0]);
    expect(user.read(TARGET + PAGE)).toBe(SIGNAL_SIGBUS);
  });

  it('refuses to cut a 2 MiB unit', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(1);
    user.write(BASE);
    expect(user.mremap(BASE + PAGE, PAGE, PAGE, FIXED, TARGET)).toBe(-EINVAL);
    expect(user.mremap(BASE, MIB2, PAGE, 0)).toBe(-EINVAL);
    expect(user.mappings()).toHaveLength(1);
    expect(user.counts(0)).toEqual([1 + counted, counted]);
    expect(user.locksHeld()).toBe(0);
  });

  it('refuses arguments that make no sense', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(2);
    expect(user.mremap(BASE + 1, PAGE, PAGE, 0)).toBe(-EINVAL);
    expect(user.mremap(BASE, PAGE, 0, 0)).toBe(-EINVAL);
    // Linux 6.12 looks for room before it calls it too long.
    expect(user.mremap(BASE, PAGE, 2 ** 48, MREMAP_MAYMOVE)).toBe(scheme === 'devmap' ? -ENOMEM : -EINVAL);
    expect(user.mremap(BASE, PAGE, PAGE, MREMAP_FIXED, TARGET)).toBe(-EINVAL);
    expect(user.mremap(BASE, PAGE, PAGE, FIXED, TARGET + 8)).toBe(-EINVAL);
    expect(user.mremap(BASE, 2 * PAGE, 2 * PAGE, FIXED, BASE + PAGE)).toBe(-EINVAL);
    expect(user.mremap(BASE, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP)).toBe(-EINVAL);
    expect(user.mremap(TARGET, PAGE, PAGE, 0)).toBe(-EFAULT);
    expect(user.mremap(BASE, 3 * PAGE, 4 * PAGE, MREMAP_MAYMOVE)).toBe(-EFAULT);
    expect(user.mremap(BASE, PAGE, PAGE, 0)).toBe(BASE);
    expect(user.mappings()).toHaveLength(1);
  });
});
