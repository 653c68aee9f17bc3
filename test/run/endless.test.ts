import { describe, expect, it } from 'vitest';
import { execute } from './support/execute.ts';

/** Linux 6.12 has no pgmap for what outlives the device, faults, finds the entry in place, and looks again. */
const PIN_AFTER_UNBIND = `DAX pin-after-unbind
device d = fsdax(size=4M, fs=ext4)
process P {
  f = open(d, "f", create, size=4K)
  m = mmap(f, 0, 4K, rw)
  store(m, 0, 1)
  unbind(d)
  p = pin(m, 0, 4K)
}
hazard[devmap] mapped-free-page "entries outlive the device"
hazard[devmap] hang "a pin for reading finds the entry again and again"
`;

/** Linux 6.12 takes a shared page for anonymous memory, which a fault is to unshare, and which in a shared mapping it cannot. */
const PIN_OF_A_SHARED_PAGE = `DAX pin-of-a-shared-page
device d = fsdax(size=4M, fs=xfs)
process P {
  f = open(d, "f", create, size=4K)
  g = open(d, "g", create)
  reflink(f, g)
  m = mmap(f, 0, 4K, rw)
  n = mmap(g, 0, 4K, rw)
  load(m, 0)
  load(n, 0)
  p = pin(m, 0, 4K)
  assert[refcount] p == 1 && f[0].pincount == 1
  unpin(p)
}
hazard[devmap] hang "a page that files share has the mark of private copies"
`;

describe('an operation that faults for ever', () => {
  it.each(['whole', 'seed'] as const)('ends the run as a hang that names it, executed %s', (how) => {
    const result = execute(PIN_AFTER_UNBIND, 'devmap', how === 'seed' ? { seed: 1 } : {});
    const hang = result.violations.find(({ property }) => property === 'hang');
    expect(hang?.message).toMatch(/^P makes no progress: the fault at 0x[0-9a-f]+ comes again and again/);
    expect(hang?.actors).toEqual(['P: p = pin(m, 0, 4K)']);
  });

  it('is a pin for reading of a page that two files share, where its mapping is shared and its count is not', () => {
    const result = execute(PIN_OF_A_SHARED_PAGE, 'devmap');
    const hang = result.violations.find(({ property }) => property === 'hang');
    expect(hang?.message).toMatch(/^P makes no progress: the fault at 0x[0-9a-f]+ comes again and again/);
    expect(execute(PIN_OF_A_SHARED_PAGE, 'refcount')).toMatchObject({ verdict: 'ok', violations: [] });
  });
});

/** The loop of PIN_OF_A_SHARED_PAGE, which a store elsewhere ends: it makes a page that nobody shares. */
const STORE_MEANWHILE = `DAX store-meanwhile
device d = fsdax(size=4M, fs=xfs)
process P {
  f = open(d, "f", create, size=4K)
  g = open(d, "g", create)
  reflink(f, g)
  m = mmap(f, 0, 4K, rw)
  load(m, 0)
  thread A { p = pin(m, 0, 4K) }
  thread B { s = store(m, 0, 1) }
}
finally p == 1 && s == 0
`;

/** reflink tries again without a sleep until the page of the second file is put, which somebody gets to only after long work. */
const PUT_AFTER_LONG_WORK = `DAX put-after-long-work
device d = fsdax(size=16M, fs=xfs)
process P {
  f = open(d, "f", create, size=4K)
  g = open(d, "g", create, size=4K)
  k = open(d, "k", create, size=4M)
  n = mmap(g, 0, 4K, r)
  h = get(n, 0, 4K, read)
  thread A { a = reflink(f, g) }
  thread B {
    mmap(k, 0, 4M, rw, private, populate)
    put(h)
  }
}
finally a == 0
`;

describe('an operation that goes round until another thread does something', () => {
  it('gives it its turn, where it goes round in faults', () => {
    expect(execute(STORE_MEANWHILE, 'devmap')).toMatchObject({ verdict: 'ok', violations: [] });
  });

  it('is no hang while the other one works, however long that takes', () => {
    expect(execute(PUT_AFTER_LONG_WORK, 'refcount', { seed: 1 })).toMatchObject({ verdict: 'ok' });
  });
});
