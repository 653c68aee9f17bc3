import type { Vaddr } from '../../src/kernel/state/numbers.ts';

/** Takes the place of dax_mapping_start: where the entry ends, unless the address is aligned. */
export function dax_mapping_start__rounds_up(address: Vaddr, nr: number): Vaddr {
  return address % nr === 0 ? address : address - (address % nr) + nr;
}
