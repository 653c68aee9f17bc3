import { describe, expect, it } from 'vitest';
import { execute, onLargePages, onSmallPages } from './support/execute.ts';

describe('large runs', () => {
  it('list a thousand changed folios and count the others', () => {
    const text = `DAX big
      device d = devdax(size=1G, align=4K)
      process P { m = mmap(d, 0, 64M, rw) madvise(m, POPULATE_WRITE) munmap(m) }`;
    const [, populate, munmap] = execute(text, 'refcount').steps;
    const pages = Object.entries(populate?.pages ?? {});
    expect(pages).toHaveLength(1001);
    expect(pages[0]).toEqual(['d[0]', { refcount: 2, mapcount: 1, pincount: 0, order: 0 }]);
    expect(pages[999]?.[0]).toBe('d[999]');
    expect(populate?.pages.more).toBe(64 * 256 - 1000);
    expect(munmap?.pages['d[5]']).toEqual({ refcount: 1, mapcount: 0, pincount: 0, order: 0 });
  });

  it('touch a device of a terabyte only where they use it', () => {
    const text = `DAX wide
      device d = devdax(size=1024G, align=1G)
      process P { m = mmap(d, 1000G, 2G, rw) store(m, 1G, 5) r = load(m, 1G) }
      finally d[262406144].order == 18 && r == 5`;
    const { verdict, steps } = execute(text, 'refcount');
    expect(verdict).toBe('ok');
    expect(steps[1]?.pages).toEqual({ 'd[262406144]': { refcount: 2, mapcount: 1, pincount: 0, order: 18 } });
  });

  it.each(['devmap', 'refcount'] as const)('touch a file of 16 TiB only where they use it (%s)', (scheme) => {
    const text = `DAX long
      device d = fsdax(size=16384G, fs=xfs)
      process P {
        f = open(d, "f", create, size=16380G)
        m = mmap(f, offset=9000G, length=4K, prot=rw)
        store(m, 0, 5)
        r = load(m, 0)
        munmap(m)
        t = ftruncate(f, 4K)
      }
      finally r == 5 && t == 0`;
    const { verdict, steps } = execute(text, scheme);
    expect(verdict).toBe('ok');
    expect(Object.values(steps[2]?.backs ?? {})).toEqual(scheme === 'devmap' ? [] : ['d/f[2359296000]']);
  });

  it('leave folios out of a step whose counts are again what they were', () => {
    const steps = execute(
      onSmallPages('process P { m = mmap(d, 0, 4K, rw) store(m, 0, 1) odirect_write(m, 0, 4K) }'),
    ).steps;
    expect(steps[2]?.pages).toEqual({});
  });

  it('key a large folio by its first page', () => {
    const { steps } = execute(onLargePages('process P { m = mmap(d, 0, 4M, rw) p = pin(m, 3M, 8K, write) }'));
    expect(steps[1]?.pages).toEqual({ 'd[512]': { refcount: 4, mapcount: 1, pincount: 2, order: 9 } });
  });
});
