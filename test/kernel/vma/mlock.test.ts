import { describe, expect, it } from 'vitest';
import { EINVAL, ENOMEM } from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import {
  MCL_CURRENT,
  MCL_ONFAULT,
  MS_ASYNC,
  MS_INVALIDATE,
  MS_SYNC,
  PROT_READ,
} from '../../../src/kernel/common/include/mman.ts';
import { BASE, UserSpace } from './userSpace.ts';

const PAGE = 4096;

describe.each(['devmap', 'refcount'] as const)('under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;
  const clean = { devmap: { 1: 'waVS', 512: 'waV' }, refcount: { 1: 'wa', 512: 'wa' } }[scheme];

  describe.each([1, 512] as const)('mlock on entries of %s pages', (align) => {
    it('faults in, clean, marks nothing as locked, and munlock keeps it all', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(2);
      const before = user.mappings();
      expect(user.kernel.call('sys_mlock', user.mm, BASE, 2 * user.unit)).toBe(0);
      expect([user.bits(BASE), user.bits(BASE + user.unit)]).toEqual([clean[align], clean[align]]);
      expect(user.mappings()).toEqual(before);
      expect(user.kernel.call('sys_munlock', user.mm, BASE, 2 * user.unit)).toBe(0);
      expect(user.counts(1)).toEqual([1 + counted, counted]);
      expect(user.munmap(BASE, 2 * user.unit)).toBe(0);
      expect([user.counts(0), user.locksHeld()]).toEqual([[1, 0], 0]);
    });

    it('leaves written entries as they are', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.write(BASE);
      const before = user.bits(BASE);
      expect(user.kernel.call('sys_mlock', user.mm, BASE, user.unit)).toBe(0);
      expect(user.bits(BASE)).toBe(before);
    });

    it('widens a range to whole pages, and a page to the entry that maps it', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      expect(user.kernel.call('sys_mlock', user.mm, BASE + 5, 1)).toBe(0);
      expect(user.bits(BASE)).toBe(clean[align]);
    });
  });

  it('mlock says where nothing is mapped, or nothing may be had', () => {
    const user = new UserSpace(scheme, 1);
    user.mmap(PAGE, { at: BASE });
    user.mmap(PAGE, { at: BASE + 2 * PAGE, prot: 0, offset: 3 * PAGE });
    const lock = (at: number, length: number): number => user.kernel.call('sys_mlock', user.mm, at, length);
    expect(lock(BASE, 3 * PAGE)).toBe(-ENOMEM);
    expect(user.bits(BASE)).toBeUndefined();
    expect(lock(BASE + 2 * PAGE, PAGE)).toBe(-ENOMEM);
    expect(lock(BASE, 0)).toBe(0);
    expect(user.kernel.call('sys_munlock', user.mm, BASE + PAGE, PAGE)).toBe(-ENOMEM);
    expect(user.locksHeld()).toBe(0);
  });

  it('mlockall(MCL_CURRENT) faults in all there is', () => {
    const user = new UserSpace(scheme, 1);
    user.mmap(PAGE, { at: BASE });
    user.mmap(PAGE, { at: BASE + 9 * PAGE, offset: 4 * PAGE });
    expect(user.kernel.call('sys_mlockall', user.mm, MCL_CURRENT)).toBe(0);
    expect([user.mapped(BASE), user.mapped(BASE + 9 * PAGE)]).toEqual([0, 4]);
    user.mmap(PAGE, { at: BASE + 5 * PAGE });
    expect(user.bits(BASE + 5 * PAGE)).toBeUndefined();
    expect(user.kernel.call('sys_mlockall', user.mm, 0)).toBe(-EINVAL);
    expect(user.kernel.call('sys_mlockall', user.mm, MCL_ONFAULT)).toBe(-EINVAL);
    expect(user.kernel.call('sys_mlockall', user.mm, 16)).toBe(-EINVAL);
  });

  it('msync fails where the device would have to be synchronised, since it cannot', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(1);
    const sync = (at: number, length: number, flags: number): number =>
      user.kernel.call('sys_msync', user.mm, at, length, flags);
    expect(sync(BASE, PAGE, MS_SYNC)).toBe(-EINVAL);
    expect(sync(BASE, PAGE, MS_ASYNC)).toBe(0);
    expect(sync(BASE, 2 * PAGE, MS_ASYNC)).toBe(-ENOMEM);
    expect(sync(BASE - PAGE, 2 * PAGE, MS_INVALIDATE)).toBe(-ENOMEM);
    expect(sync(BASE + 1, PAGE, MS_ASYNC)).toBe(-EINVAL);
    expect(sync(BASE, PAGE, MS_ASYNC | MS_SYNC)).toBe(-EINVAL);
    expect(sync(BASE, PAGE, 8)).toBe(-EINVAL);
    expect(sync(BASE, 0, MS_SYNC)).toBe(0);
    expect(user.locksHeld()).toBe(0);
    const reader = new UserSpace(scheme, 1, FMODE_READ);
    reader.mmap(PAGE, { at: BASE, prot: PROT_READ });
    expect(reader.kernel.call('sys_msync', reader.mm, BASE, PAGE, MS_SYNC)).toBe(0);
  });
});
