import { describe, expect, it } from 'vitest';
import { EINVAL, ENOMEM } from '../../../src/kernel/common/include/errno.ts';
import { PROT_READ } from '../../../src/kernel/common/include/mman.ts';
import { VM_SOFTDIRTY } from '../../../src/kernel/common/include/vm_flags.ts';
import { PG_referenced } from '../../../src/kernel/state/memmap.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { DEVICE_PFN } from '../mm/modelKernel.ts';
import { BASE, UserSpace } from './userSpace.ts';

const PAGE = 4096;
const GIB = 2 ** 30;

/**
 * Entries in the read-back soft-dirty of 6.12.95 and 7.3.4: written, after clear_refs of 4, written again, after
 * clear_refs of 1.
 */
const softDirty = {
  devmap: { 1: ['wdaVS', 'aVSD', 'wdaVSs', 'wdaVSs'], 512: ['wdaVs', 'aVD', 'wdaVs', 'wdVs'] },
  refcount: { 1: ['wdas', 'aD', 'wdas', 'wds'], 512: ['wdas', 'aD', 'wdas', 'wds'] },
} as const;

describe.each(['devmap', 'refcount'] as const)('/proc under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;

  describe.each([1, 512] as const)('on entries of %s pages', (align) => {
    it('shows the frame of an address in pagemap', () => {
      const user = new UserSpace(scheme, align);
      user.mmap(2 * user.unit, { at: BASE, offset: user.unit });
      const frame = (at: number): number => user.kernel.call('pagemap_read', user.mm, at);
      expect([frame(BASE), frame(BASE + user.unit), frame(7 * BASE)]).toEqual([-1, -1, -1]);
      user.read(BASE);
      expect(frame(BASE)).toBe(DEVICE_PFN + align);
      expect(frame(BASE + user.unit - PAGE)).toBe(DEVICE_PFN + 2 * align - 1);
      expect(frame(BASE + user.unit)).toBe(-1);
      user.mprotect(BASE, user.unit, 0);
      expect(frame(BASE)).toBe(DEVICE_PFN + align);
      expect(user.locksHeld()).toBe(0);
    });

    it('shows in mincore what is mapped', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(2);
      const resident = (at: number): number => user.kernel.call('mincore_page', user.mm, at);
      expect(resident(BASE)).toBe(0);
      user.read(BASE);
      expect([resident(BASE), resident(BASE + user.unit - PAGE), resident(BASE + user.unit)]).toEqual([
        1, 1, 0,
      ]);
      expect(resident(BASE + 2 * user.unit)).toBe(-ENOMEM);
      expect(resident(BASE + 1)).toBe(-EINVAL);
      expect(user.locksHeld()).toBe(0);
    });

    it('counts in smaps what it knows as pages', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(4);
      const rss = (units: number): number => user.kernel.call('smaps_rss', user.mm, BASE, units * user.unit);
      expect(rss(4)).toBe(0);
      user.write(BASE);
      user.read(BASE + 3 * user.unit);
      expect(rss(4)).toBe(2 * user.unit * counted);
      expect(rss(1)).toBe(2 * user.unit * counted);
      user.mprotect(BASE, user.unit, PROT_READ);
      expect(rss(1)).toBe(user.unit * counted);
      expect(rss(4)).toBe(2 * user.unit * counted);
      expect(user.kernel.rss(user.mm)).toBe(2 * align * counted);
      expect(user.locksHeld()).toBe(0);
    });

    it('starts to watch for writes, and forgets uses, by clear_refs', () => {
      const user = new UserSpace(scheme, align);
      const [written, watched, again, forgotten] = softDirty[scheme][align];
      const clear = (type: number): number => user.kernel.call('clear_refs_write', user.mm, type);
      const flags = (): number => user.kernel.machine.memory.of(page).flags.get(DEVICE_PFN);
      user.mapUnits(1);
      user.write(BASE);
      expect(user.bits(BASE)).toBe(written);
      expect(clear(4)).toBe(0);
      expect(user.bits(BASE)).toBe(watched);
      expect((user.mappings()[0]?.flags ?? 0) & VM_SOFTDIRTY).toBe(0);
      expect(user.kernel.cached(0, BASE / PAGE)).toBe(0);
      expect(user.read(BASE)).toBe(1);
      expect(user.bits(BASE)).toBe(watched);
      user.write(BASE, 2);
      expect(user.bits(BASE)).toBe(again);
      user.kernel.machine.memory.of(page).flags.set(DEVICE_PFN, flags() | PG_referenced);
      expect(clear(1)).toBe(0);
      expect(user.bits(BASE)).toBe(forgotten);
      expect(flags() & PG_referenced).toBe(scheme === 'devmap' && align === 1 ? PG_referenced : 0);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.locksHeld()).toBe(0);
    });

    it('maps nothing writable that is read under soft-dirty tracking', () => {
      const user = new UserSpace(scheme, align);
      user.mapUnits(1);
      user.kernel.call('clear_refs_write', user.mm, 4);
      user.read(BASE);
      expect(user.flags(BASE)).not.toContain('rw');
      expect(user.write(BASE)).toBe(0);
      expect(user.flags(BASE)).toEqual(expect.arrayContaining(['rw', 'soft_dirty']));
    });
  });

  it('takes only numbers that clear_refs knows, and passes over mappings of files with 2', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(1);
    user.write(BASE);
    const before = user.bits(BASE);
    for (const type of [0, 6]) expect(user.kernel.call('clear_refs_write', user.mm, type)).toBe(-EINVAL);
    for (const type of [2, 5]) expect(user.kernel.call('clear_refs_write', user.mm, type)).toBe(0);
    expect(user.bits(BASE)).toBe(before);
  });

  it('makes 1 GiB entries go when it walks over them', () => {
    for (const name of ['pagemap_read', 'mincore_page']) {
      const user = new UserSpace(scheme, 262144);
      user.mapUnits(1);
      user.write(BASE, 6);
      expect(user.counts(0)).toEqual([1 + counted, counted]);
      expect(user.kernel.call(name, user.mm, BASE)).toBe(name === 'mincore_page' ? 0 : -1);
      expect(user.counts(0)).toEqual([1, 0]);
      expect(user.read(BASE)).toBe(6);
    }
    const user = new UserSpace(scheme, 262144);
    user.mapUnits(1);
    user.write(BASE);
    expect(user.kernel.call('smaps_rss', user.mm, BASE, GIB)).toBe(0);
    expect(user.kernel.rss(user.mm)).toBe(0);
  });
});
