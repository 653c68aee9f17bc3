import { describe, expect, it } from 'vitest';
import { check } from '../../../src/check/index.ts';
import type { Scheme } from '../../../src/litmus/index.ts';
import { programOf } from '../../run/support/execute.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

describe('the check of a test with files', () => {
  it('lists of an end which folios are in use, by their first pages', () => {
    const program = programOf(`DAX test
      device d = fsdax(size=8M)
      process P {
        f = open(d, "a", create, size=2M)
        m = mmap(f, 0, 2M, rw) store(m, 0, 1)
        n = mmap(f, 4K, 4K, r) x = load(n, 0)
      }`);
    const pages = SCHEMES.map((scheme) => check(program, scheme, { allOutcomes: true }).outcomes?.[0]?.pages);
    expect(pages).toEqual([{}, { 'd[0]': { refcount: 2, mapcount: 2, pincount: 0, order: 9 } }]);
  });

  it('finds the reuse of a block under a pin, which the counterexample shows', () => {
    const program = programOf(`DAX test
      device d = fsdax(size=64K)
      process P {
        f = open(d, "a", create, size=4K)
        m = mmap(f, 0, 4K, rw)
        p = pin(m, 0, 4K, write)
        munmap(m)
        thread A { ftruncate(f, 0) g = open(d, "b", create, size=4K) }
        thread B { dma_write(p, 0, 9) unpin(p) }
      }
      hazard[devmap] kernel-warning "it says so itself"
      hazard[devmap] dma-to-reused "and lets it happen"`);
    const [devmap, refcount] = SCHEMES.map((scheme) => check(program, scheme));
    expect(refcount).toMatchObject({ verdict: 'ok', violations: [] });
    expect(devmap?.verdict).toBe('ok');
    const reused = devmap?.violations.find(({ property }) => property === 'dma-to-reused');
    expect(reused?.page).toBe('d[0]');
    expect(reused?.message).toMatch(/it was page 0 of "a" when it was pinned$/);
    expect(reused?.trace.length).toBeGreaterThan(0);
  });

  it('sees a truncation wait for ever where a pin stays', () => {
    const program = programOf(`DAX test
      device d = fsdax(size=64K, fs=xfs)
      process P {
        f = open(d, "a", create, size=4K)
        m = mmap(f, 0, 4K, rw)
        thread A { p = pin(m, 0, 4K, write) }
        thread B { a = ftruncate(f, 0) }
      }`);
    for (const scheme of SCHEMES) {
      const { violations } = check(program, scheme);
      expect(violations).toMatchObject([
        {
          property: 'hang',
          message: expect.stringContaining('P.B waits for page d[0] (page 0 of "a") to become idle'),
        },
      ]);
    }
  });

  it('judges what is left after a power loss in every execution', () => {
    const program = programOf(`DAX test
      device d = fsdax(size=64K)
      process P {
        f = open(d, "a", create, size=4K)
        m = mmap(f, 0, 4K, rw)
        thread A { store(m, 0, 1) }
        thread B { a = fsync(f) }
        crash()
        f = open(d, "a")
        r = read(f, 0)
      }
      finally a == 0
      exists r == 0
      exists r == 1`);
    for (const scheme of SCHEMES) expect(check(program, scheme)).toMatchObject({ verdict: 'ok' });
  });
});
