import { describe, expect, it } from 'vitest';
import {
  EACCES,
  EFAULT,
  EINVAL,
  ENODEV,
  ENOMEM,
  SIGNAL_SIGBUS,
} from '../../../src/kernel/common/include/errno.ts';
import { FMODE_READ } from '../../../src/kernel/common/include/fs.ts';
import * as mman from '../../../src/kernel/common/include/mman.ts';
import {
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGEPAGE,
  VM_NOHUGEPAGE,
  VM_RAND_READ,
  VM_SEQ_READ,
} from '../../../src/kernel/common/include/vm_flags.ts';
import { BASE, UserSpace } from './userSpace.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;

describe.each(['devmap', 'refcount'] as const)('madvise under the %s scheme', (scheme) => {
  const counted = scheme === 'refcount' ? 1 : 0;
  const dirty = scheme === 'refcount' ? 'wdas' : 'wdaVs';

  /** Results of the read-backs madv-*, the same on all kernels and both alignments; entries and counts stay. */
  it.each([
    ['MADV_FREE', mman.MADV_FREE, -EINVAL],
    ['MADV_REMOVE', mman.MADV_REMOVE, -ENODEV],
    ['MADV_WILLNEED', mman.MADV_WILLNEED, 0],
    ['MADV_MERGEABLE', mman.MADV_MERGEABLE, 0],
    ['MADV_UNMERGEABLE', mman.MADV_UNMERGEABLE, 0],
    ['MADV_WIPEONFORK', mman.MADV_WIPEONFORK, -EINVAL],
    ['MADV_KEEPONFORK', mman.MADV_KEEPONFORK, 0],
    ['MADV_COLLAPSE', mman.MADV_COLLAPSE, -EINVAL],
    ['MADV_HUGEPAGE', mman.MADV_HUGEPAGE, 0],
  ])('answers %s as Linux does, and changes nothing', (_name, advice, result) => {
    for (const align of [1, 512]) {
      const user = new UserSpace(scheme, align);
      user.mapUnits(2);
      user.write(BASE);
      const before = [user.mappings(), user.bits(BASE), user.counts(0)];
      expect(user.madvise(BASE, 2 * user.unit, advice)).toBe(result);
      expect([user.mappings(), user.bits(BASE), user.counts(0)]).toEqual(before);
      expect(user.locksHeld()).toBe(0);
    }
  });

  it.each([
    [mman.MADV_SEQUENTIAL, VM_SEQ_READ, mman.MADV_NORMAL],
    [mman.MADV_RANDOM, VM_RAND_READ, mman.MADV_NORMAL],
    [mman.MADV_DONTDUMP, VM_DONTDUMP, mman.MADV_DODUMP],
    [mman.MADV_DONTFORK, VM_DONTCOPY, mman.MADV_DOFORK],
    [mman.MADV_NOHUGEPAGE, VM_NOHUGEPAGE, mman.MADV_HUGEPAGE],
  ])('notes advice %i in a VMA of its own, until it is taken back', (advice, flag, opposite) => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(3);
    const [before] = user.mappings();
    expect(user.madvise(BASE + PAGE, PAGE, advice)).toBe(0);
    expect(user.mappings().map(({ flags }) => (flags & flag) !== 0)).toEqual([false, true, false]);
    expect(user.madvise(BASE + PAGE, PAGE, opposite)).toBe(0);
    expect(user.mappings()).toEqual([before]);
    expect([user.fileHolds(), user.locksHeld()]).toEqual([2, 0]);
  });

  it('lets MADV_NOHUGEPAGE take a 2 MiB mapping what is not mapped yet, and nothing else', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(2);
    user.write(BASE);
    user.madvise(BASE, 2 * MIB2, mman.MADV_NOHUGEPAGE);
    expect((user.mappings()[0]?.flags ?? 0) & (VM_HUGEPAGE | VM_NOHUGEPAGE)).toBe(VM_NOHUGEPAGE);
    expect(user.write(BASE + PAGE)).toBe(0);
    expect(user.write(BASE + MIB2)).toBe(SIGNAL_SIGBUS);
    user.madvise(BASE, 2 * MIB2, mman.MADV_HUGEPAGE);
    expect(user.write(BASE + MIB2)).toBe(0);
  });

  describe.each([
    ['MADV_DONTNEED', mman.MADV_DONTNEED],
    ['MADV_DONTNEED_LOCKED', mman.MADV_DONTNEED_LOCKED],
  ])('%s', (_name, advice) => {
    it('gives up what is mapped, and leaves the mapping', () => {
      for (const align of [1, 512]) {
        const user = new UserSpace(scheme, align);
        user.mapUnits(2);
        user.write(BASE, 5);
        user.read(BASE + user.unit);
        expect(user.madvise(BASE, 2 * user.unit, advice)).toBe(0);
        expect([user.bits(BASE), user.bits(BASE + user.unit)]).toEqual([undefined, undefined]);
        expect([user.counts(0), user.counts(1), user.kernel.rss(user.mm)]).toEqual([[1, 0], [1, 0], 0]);
        expect(user.kernel.cached(0, BASE / PAGE)).toBe(0);
        expect(user.read(BASE)).toBe(5);
        expect(user.counts(0)).toEqual([1 + counted, counted]);
        expect(user.locksHeld()).toBe(0);
      }
    });

    it('drops a whole 2 MiB entry for one page of it', () => {
      const user = new UserSpace(scheme, 512);
      user.mapUnits(1);
      user.write(BASE, 8);
      expect(user.bits(BASE)).toBe(dirty);
      expect(user.madvise(BASE + PAGE, PAGE, advice)).toBe(0);
      expect(user.bits(BASE)).toBeUndefined();
      expect(user.counts(0)).toEqual([1, 0]);
      expect(user.read(BASE)).toBe(8);
    });

    it('goes on behind holes, and says that there were some', () => {
      const user = new UserSpace(scheme, 1);
      user.mmap(PAGE, { at: BASE });
      user.mmap(PAGE, { at: BASE + 2 * PAGE, offset: 2 * PAGE });
      user.write(BASE);
      user.write(BASE + 2 * PAGE);
      expect(user.madvise(BASE, 3 * PAGE, advice)).toBe(-ENOMEM);
      expect([user.counts(0), user.counts(2)]).toEqual([
        [1, 0],
        [1, 0],
      ]);
      expect(user.madvise(BASE + 10 * PAGE, PAGE, advice)).toBe(-ENOMEM);
      expect(user.locksHeld()).toBe(0);
    });
  });

  describe.each([
    ['MADV_POPULATE_READ', mman.MADV_POPULATE_READ, { devmap: 'waVS', refcount: 'wa' }],
    ['MADV_POPULATE_WRITE', mman.MADV_POPULATE_WRITE, { devmap: 'wdaVSs', refcount: 'wdas' }],
  ] as const)('%s', (_name, advice, entry) => {
    it('faults everything in', () => {
      const user = new UserSpace(scheme, 1);
      user.mapUnits(2);
      expect(user.madvise(BASE, 2 * PAGE, advice)).toBe(0);
      expect([user.bits(BASE), user.bits(BASE + PAGE)]).toEqual([entry[scheme], entry[scheme]]);
      expect(user.counts(1)).toEqual([1 + counted, counted]);
      expect(user.locksHeld()).toBe(0);
    });

    it('says what it cannot do', () => {
      const user = new UserSpace(scheme, 1);
      user.mmap(2 * PAGE, { at: BASE });
      user.mmap(PAGE, { at: BASE + 4 * PAGE, prot: 0, offset: 9 * PAGE });
      expect(user.madvise(BASE + PAGE, 2 * PAGE, advice)).toBe(-ENOMEM);
      expect(user.mapped(BASE + PAGE)).toBe(1);
      expect(user.madvise(BASE + 4 * PAGE, PAGE, advice)).toBe(-EINVAL);
      user.kernel.call('kill_dev_dax', 0);
      expect(user.madvise(BASE, PAGE, advice)).toBe(-EFAULT);
      expect(user.locksHeld()).toBe(0);
    });
  });

  it('refuses to write to a read-only mapping with MADV_POPULATE_WRITE, and to punch holes through one', () => {
    const user = new UserSpace(scheme, 1, FMODE_READ);
    user.mmap(PAGE, { at: BASE, prot: mman.PROT_READ });
    expect(user.madvise(BASE, PAGE, mman.MADV_POPULATE_WRITE)).toBe(-EINVAL);
    expect(user.madvise(BASE, PAGE, mman.MADV_REMOVE)).toBe(-EACCES);
  });

  it('ages 2 MiB entries with MADV_COLD only where they are no devmap entries', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(2);
    user.write(BASE);
    user.write(BASE + MIB2);
    expect(user.madvise(BASE, MIB2, mman.MADV_COLD)).toBe(0);
    expect(user.flags(BASE)?.includes('young')).toBe(scheme === 'devmap');
    expect(user.madvise(BASE + MIB2, PAGE, mman.MADV_COLD)).toBe(0);
    expect(user.flags(BASE + MIB2)).toContain('young');
    expect(user.counts(1)).toEqual([1 + counted, counted]);
    const small = new UserSpace(scheme, 1);
    small.mapUnits(1);
    small.write(BASE);
    expect(small.madvise(BASE, PAGE, mman.MADV_PAGEOUT)).toBe(0);
    expect(small.madvise(BASE, PAGE, mman.MADV_COLD)).toBe(0);
    expect(small.flags(BASE)).toContain('young');
    expect([user.locksHeld(), small.locksHeld()]).toEqual([0, 0]);
  });

  it('refuses what it does not know', () => {
    const user = new UserSpace(scheme, 1);
    user.mapUnits(1);
    expect(user.madvise(BASE, PAGE, 6)).toBe(-EINVAL);
    expect(user.madvise(BASE, PAGE, 26)).toBe(-EINVAL);
    expect(user.madvise(BASE + 1, PAGE, mman.MADV_DONTNEED)).toBe(-EINVAL);
    expect(user.madvise(BASE, 0, mman.MADV_DONTNEED)).toBe(0);
    expect(user.madvise(BASE, 2 * PAGE, mman.MADV_SEQUENTIAL)).toBe(-ENOMEM);
  });

  it('refuses to note advice for part of a 2 MiB unit', () => {
    const user = new UserSpace(scheme, 512);
    user.mapUnits(1);
    expect(user.madvise(BASE, PAGE, mman.MADV_SEQUENTIAL)).toBe(-EINVAL);
    expect(user.madvise(BASE, PAGE, mman.MADV_HUGEPAGE)).toBe(0);
    expect(user.mappings()).toHaveLength(1);
  });
});
