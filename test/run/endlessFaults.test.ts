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
