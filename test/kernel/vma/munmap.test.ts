import { describe, expect, it } from 'vitest';
import { EINVAL, SIGNAL_SIGSEGV } from '../../../src/kernel/common/include/errno.ts';
import { BASE, UserSpace } from './userSpace.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;

describe.each(['devmap', 'refcount'] as const)('munmap under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  it('cuts off the first, the last and the middle part of a mapping', () => {
    for (const [from, left] of [
      [0, [1, 2]],
      [2, [0, 1]],
      [1, [0, 2]],
    ] as const) {
      const user = new UserSpace(scheme, 1);
      user.mapUnits(3);
      for (const unit of [0, 1, 2]) user.write(BASE + unit * PAGE);
      expect(user.munmap(BASE + from * PAGE, PAGE)).toBe(0);
      expect([0, 1, 2].filter((unit) => user.mapped(BASE + unit * PAGE) === unit)).toEqual(left);
      expect(user.read(BASE + from * PAGE)).toBe(SIGNAL_SIGSEGV);
      expect(user.counts(from)).toEqual([1, 0]);
      expect(user.counts(left[0])).toEqual([1 + counted, counted]);
      expect(user.kernel.rss(user.mm)).toBe(2 * counted);
      expect(user.fileHolds()).toBe(from === 1 ? 3 : 2);
      expect(user.munmap(BASE, 3 * PAGE)).toBe(0);
      expect([user.fileHolds(), user.mappings().length, user.locksHeld()]).toEqual([1, 0, 0]);
    }
  });

  it('takes several mappings and the holes between them at once', () => {
    const user = new UserSpace(scheme, 1);
    for (const unit of [0, 2, 5]) user.mmap(PAGE, { at: BASE + unit * PAGE, offset: 8 * unit * PAGE });
    for (const unit of [0, 2, 5]) user.write(BASE + unit * PAGE);
    expect(user.munmap(BASE, 5 * PAGE)).toBe(0);
    expect(user.mappings()).toMatchObject([{ start: BASE / PAGE + 5 }]);
    expect([0, 16, 40].map((page) => user.counts(page)[0])).toEqual([1, 1, 1 + counted]);
    expect(user.munmap(BASE, 5 * PAGE)).toBe(0);
  });

  it('refuses what is no range of user addresses', () => {
    const user = new UserSpace(scheme, 1);
    expect(user.munmap(BASE + 1, PAGE)).toBe(-EINVAL);
    expect(user.munmap(BASE, 0)).toBe(-EINVAL);
    expect(user.munmap(2 ** 47, PAGE)).toBe(-EINVAL);
    expect(user.munmap(BASE, 2 ** 47)).toBe(-EINVAL);
    expect(user.munmap(BASE, 100)).toBe(0);
  });

  describe('inside of a 2 MiB unit', () => {
    it.each([
      ['one page', PAGE, PAGE],
      ['the first half', 0, MIB2 / 2],
      ['from the middle into the next unit', MIB2 / 2, MIB2],
    ])('is refused: %s', (_what, offset, length) => {
      const user = new UserSpace(scheme, 512);
      user.mapUnits(2);
      user.write(BASE);
      const before = user.mappings();
      expect(user.munmap(BASE + offset, length)).toBe(-EINVAL);
      expect(user.mappings()).toEqual(before);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.read(BASE + PAGE)).toBe(0);
      expect(user.locksHeld()).toBe(0);
    });

    it('leaves the split that it could make where only the end is refused', () => {
      const user = new UserSpace(scheme, 512);
      user.mapUnits(3);
      expect(user.munmap(BASE + MIB2, PAGE)).toBe(-EINVAL);
      expect(user.mappings()).toMatchObject([{ end: (BASE + MIB2) / PAGE }, { pgoff: 512 }]);
      expect(user.write(BASE + MIB2)).toBe(0);
      expect(user.munmap(BASE, 3 * MIB2)).toBe(0);
      expect([user.fileHolds(), user.locksHeld()]).toEqual([1, 0]);
    });
  });

  it('frees the page tables that nobody else needs', () => {
    const user = new UserSpace(scheme, 1);
    user.mmap(PAGE, { at: BASE, offset: 0 });
    user.mmap(PAGE, { at: BASE + 4 * PAGE, offset: 0 });
    user.mmap(PAGE, { at: BASE + MIB2, offset: 0 });
    for (const at of [BASE, BASE + 4 * PAGE, BASE + MIB2]) user.read(at);
    expect(user.kernel.tables()).toBe(1 + 2 + 2);
    user.munmap(BASE, PAGE);
    expect(user.kernel.tables()).toBe(1 + 2 + 2);
    user.munmap(BASE + 4 * PAGE, PAGE);
    expect(user.kernel.tables()).toBe(1 + 2 + 1);
    user.munmap(BASE + MIB2, PAGE);
    expect(user.kernel.tables()).toBe(1);
    expect(user.kernel.warnings).toEqual([]);
  });
});
