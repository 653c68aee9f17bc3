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

describe('an operation that faults for ever', () => {
  it.each(['whole', 'seed'] as const)('ends the run as a hang that names it, executed %s', (how) => {
    const result = execute(PIN_AFTER_UNBIND, 'devmap', how === 'seed' ? { seed: 1 } : {});
    const hang = result.violations.find(({ property }) => property === 'hang');
    expect(hang?.message).toMatch(/^P makes no progress: the fault at 0x[0-9a-f]+ comes again and again/);
    expect(hang?.actors).toEqual(['P: p = pin(m, 0, 4K)']);
  });
});
