import { describe, expect, it } from 'vitest';
import {
  EACCES,
  EBADF,
  EEXIST,
  EINVAL,
  ENOMEM,
  ENXIO,
  EOPNOTSUPP,
  EOVERFLOW,
} from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../../../src/kernel/common/include/fs.ts';
import {
  MAP_FIXED_NOREPLACE,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_SYNC,
  MCL_FUTURE,
  PROT_READ,
  PROT_WRITE,
} from '../../../src/kernel/common/include/mman.ts';
import {
  VM_HUGEPAGE,
  VM_LOCKED,
  VM_MAYWRITE,
  VM_NORESERVE,
  VM_SOFTDIRTY,
  VM_SYNC,
} from '../../../src/kernel/common/include/vm_flags.ts';
import { BASE, RW, UserSpace } from './userSpace.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;

describe.each(['devmap', 'refcount'] as const)('mmap under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  /** Results of the read-back mmap-bad-args: lengths, offsets and flags, one mmap each. */
  it.each([
    ['offset inside a page', PAGE, 2048, MAP_SHARED, -EINVAL, -EINVAL],
    ['offset of one page', PAGE, PAGE, MAP_SHARED, 0, -EINVAL],
    ['length 100', 100, 0, MAP_SHARED, 0, -EINVAL],
    ['length 4097', 4097, 0, MAP_SHARED, 0, -EINVAL],
    ['length 0', 0, 0, MAP_SHARED, -EINVAL, -EINVAL],
    ['a page more than the unit', MIB2 + PAGE, 0, MAP_SHARED, 0, -EINVAL],
    ['MAP_SHARED_VALIDATE', MIB2, 0, MAP_SHARED_VALIDATE, 0, 0],
    ['MAP_SHARED_VALIDATE with MAP_SYNC', MIB2, 0, MAP_SHARED_VALIDATE | MAP_SYNC, 0, 0],
    ['no sharing at all', MIB2, 0, 0, -EINVAL, -EINVAL],
    ['a private mapping', MIB2, 0, MAP_PRIVATE, -EINVAL, -EINVAL],
    ['an offset at the end of what a file can have', MIB2, -MIB2, MAP_SHARED, -EOVERFLOW, -EOVERFLOW],
    ['more than an address space', 2 ** 47, 0, MAP_SHARED, -ENOMEM, -ENOMEM],
  ])('treats %s as Linux does', (_what, length, offset, flags, small, huge) => {
    for (const [align, expected] of [
      [1, small],
      [512, huge],
    ] as const) {
      const user = new UserSpace(scheme, align);
      const result = user.mmap(length, { offset, flags });
      if (expected === 0) expect(result).toBeGreaterThan(0);
      else expect(result).toBe(expected);
      expect(user.mappings()).toHaveLength(expected === 0 ? 1 : 0);
      expect(user.fileHolds()).toBe(expected === 0 ? 2 : 1);
      expect(user.locksHeld()).toBe(0);
    }
  });

  it('rounds the length up to whole pages, and gives the flags that the read-backs show', () => {
    const user = new UserSpace(scheme, 1);
    const address = user.mmap(4097, { flags: MAP_SHARED | MAP_NORESERVE });
    const [vma] = user.mappings();
    expect(vma).toMatchObject({ start: address / PAGE, end: address / PAGE + 2, pgoff: 0 });
    expect((vma?.flags ?? 0) & (VM_HUGEPAGE | VM_SOFTDIRTY | VM_NORESERVE | VM_SYNC)).toBe(
      VM_HUGEPAGE | VM_SOFTDIRTY | VM_NORESERVE,
    );
    const sync = user.mmap(PAGE, { flags: MAP_SHARED_VALIDATE | MAP_SYNC });
    expect((user.mappings().find(({ start }) => start === sync / PAGE)?.flags ?? 0) & VM_SYNC).toBe(VM_SYNC);
  });

  it('refuses what the file was not opened for', () => {
    const readOnly = new UserSpace(scheme, 1, FMODE_READ);
    expect(readOnly.mmap(PAGE)).toBe(-EACCES);
    expect(readOnly.mmap(PAGE, { prot: PROT_READ })).toBeGreaterThan(0);
    expect((readOnly.mappings()[0]?.flags ?? 0) & VM_MAYWRITE).toBe(0);
    const writeOnly = new UserSpace(scheme, 1, FMODE_WRITE);
    expect(writeOnly.mmap(PAGE, { prot: PROT_WRITE })).toBe(-EACCES);
    expect(writeOnly.kernel.call('sys_mmap', writeOnly.mm, 0, 0, PAGE, RW, MAP_SHARED, 0)).toBe(-EBADF);
  });

  it('refuses flags that MAP_SHARED_VALIDATE does not know, which MAP_SHARED ignores', () => {
    const user = new UserSpace(scheme, 1);
    const unknown = 0x40000000;
    expect(user.mmap(PAGE, { flags: MAP_SHARED_VALIDATE | unknown })).toBe(-EOPNOTSUPP);
    expect(user.mmap(PAGE, { flags: MAP_SHARED | unknown })).toBeGreaterThan(0);
    const strict = MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE;
    expect(user.kernel.call('sys_mmap', user.mm, user.filp, BASE, PAGE, RW, strict, 0)).toBe(-EOPNOTSUPP);
  });

  it('fails on a device that is gone', () => {
    const user = new UserSpace(scheme, 1);
    user.kernel.call('kill_dev_dax', 0);
    expect(user.mmap(PAGE)).toBe(-ENXIO);
    expect(user.mappings()).toEqual([]);
  });

  describe('with MAP_FIXED_NOREPLACE', () => {
    it('leaves what is there', () => {
      const user = new UserSpace(scheme, 512);
      user.mapUnits(1);
      user.write(BASE);
      const flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
      expect(user.kernel.call('sys_mmap', user.mm, user.filp, BASE, MIB2, RW, flags, 0)).toBe(-EEXIST);
      expect(user.bits(BASE)).toBe(scheme === 'refcount' ? 'wdas' : 'wdaVs');
      expect(user.counts(0)).toEqual([1 + counted, counted]);
    });
  });

  describe('with MAP_FIXED over a mapping', () => {
    it('unmaps what was there, and only that', () => {
      const user = new UserSpace(scheme, 1);
      user.mapUnits(3);
      for (const unit of [0, 1, 2]) user.write(BASE + unit * PAGE);
      expect(user.mmap(PAGE, { at: BASE + PAGE, offset: 7 * PAGE })).toBe(BASE + PAGE);
      expect(user.mappings().map(({ pgoff }) => pgoff)).toEqual([0, 7, 2]);
      expect([0, 1, 2].map((unit) => user.counts(unit)[1])).toEqual([counted, 0, counted]);
      user.read(BASE + PAGE);
      expect(user.mapped(BASE + PAGE)).toBe(7);
    });

    it('leaves a gap where the driver refuses the new mapping', () => {
      const user = new UserSpace(scheme, 512);
      user.mapUnits(2);
      user.write(BASE);
      expect(user.mmap(MIB2, { at: BASE, flags: MAP_PRIVATE })).toBe(-EINVAL);
      expect(user.mappings()).toMatchObject([{ start: (BASE + MIB2) / PAGE }]);
      expect(user.counts(0)).toEqual([1, 0]);
      expect(user.fileHolds()).toBe(2);
    });

    it('leaves what was there where it would have to be cut inside a unit', () => {
      const user = new UserSpace(scheme, 512);
      user.mapUnits(1);
      user.write(BASE);
      expect(user.mmap(MIB2 - PAGE, { at: BASE })).toBe(-EINVAL);
      expect(user.mappings()).toHaveLength(1);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
    });

    it('refuses an address inside a page, and one inside a unit of the device', () => {
      const user = new UserSpace(scheme, 512);
      expect(user.mmap(MIB2, { at: BASE + 5 })).toBe(-EINVAL);
      expect(user.mmap(MIB2, { at: BASE + PAGE })).toBe(-EINVAL);
      expect(new UserSpace(scheme, 1).mmap(PAGE, { at: BASE + PAGE })).toBe(BASE + PAGE);
    });
  });

  describe('at an address that the kernel chooses', () => {
    it('aligns what is as long as the device’s unit', () => {
      const user = new UserSpace(scheme, 512);
      const first = user.mmap(4 * MIB2);
      const second = user.mmap(MIB2, { offset: 6 * MIB2 });
      expect([first % MIB2, second % MIB2]).toEqual([0, 0]);
      expect(second).toBeLessThan(first);
      expect(user.mappings()).toHaveLength(2);
    });

    it('goes downwards, and leaves the unit free that it had reserved for aligning', () => {
      const user = new UserSpace(scheme, 1);
      const first = user.mmap(3 * PAGE);
      expect(user.mmap(2 * PAGE, { offset: 9 * PAGE })).toBe(first - 2 * PAGE - PAGE);
    });

    it('takes a hint where it is free, even one that the driver then refuses', () => {
      const hint = BASE + PAGE;
      const small = new UserSpace(scheme, 1);
      const call = (user: UserSpace): number =>
        user.kernel.call('sys_mmap', user.mm, user.filp, hint, 4 * user.unit, RW, MAP_SHARED, 0);
      expect(call(small)).toBe(hint);
      expect(call(small)).not.toBe(hint);
      expect(call(new UserSpace(scheme, 512))).toBe(-EINVAL);
    });
  });

  it('makes one VMA of what continues a neighbour, to either side and to both', () => {
    const user = new UserSpace(scheme, 1);
    user.mmap(PAGE, { at: BASE, offset: 0 });
    user.mmap(PAGE, { at: BASE + 2 * PAGE, offset: 2 * PAGE });
    expect(user.mappings()).toHaveLength(2);
    user.mmap(PAGE, { at: BASE + PAGE, offset: PAGE });
    expect(user.mappings()).toMatchObject([{ start: BASE / PAGE, end: BASE / PAGE + 3, pgoff: 0 }]);
    expect(user.fileHolds()).toBe(2);
    user.mmap(PAGE, { at: BASE - PAGE, offset: 5 * PAGE });
    user.mmap(PAGE, { at: BASE + 3 * PAGE, offset: 3 * PAGE, prot: PROT_READ });
    expect(user.mappings()).toHaveLength(3);
    expect(user.munmap(BASE - PAGE, 5 * PAGE)).toBe(0);
    expect(user.fileHolds()).toBe(1);
  });

  describe.each([1, 512])('that populates, on units of %s pages', (align) => {
    const clean = { 1: { devmap: 'waVS', refcount: 'wa' }, 512: { devmap: 'waV', refcount: 'wa' } } as const;
    const expected = clean[align as 1 | 512][scheme];

    it.each([
      ['MAP_POPULATE', MAP_POPULATE],
      ['MAP_LOCKED', MAP_LOCKED],
    ])('by %s faults everything in, clean, and locks nothing', (_name, flag) => {
      const user = new UserSpace(scheme, align);
      user.mmap(2 * user.unit, { at: BASE, flags: MAP_SHARED | flag });
      expect([user.bits(BASE), user.bits(BASE + user.unit)]).toEqual([expected, expected]);
      expect([user.counts(0), user.counts(1)]).toEqual([
        [1 + counted, counted],
        [1 + counted, counted],
      ]);
      expect((user.mappings()[0]?.flags ?? 0) & VM_LOCKED).toBe(0);
      expect(user.locksHeld()).toBe(0);
    });

    it('does so after mlockall(MCL_FUTURE), until munlockall', () => {
      const user = new UserSpace(scheme, align);
      expect(user.kernel.call('sys_mlockall', user.mm, MCL_FUTURE)).toBe(0);
      user.mapUnits(1);
      expect(user.bits(BASE)).toBe(expected);
      expect(user.kernel.call('sys_munlockall', user.mm)).toBe(0);
      user.mmap(user.unit, { at: 2 * BASE });
      expect(user.bits(2 * BASE)).toBeUndefined();
    });

    it('does not with MAP_NONBLOCK', () => {
      const user = new UserSpace(scheme, align);
      user.mmap(user.unit, { at: BASE, flags: MAP_SHARED | MAP_POPULATE | MAP_NONBLOCK });
      expect(user.bits(BASE)).toBeUndefined();
    });
  });
});
