import type { Machine } from '../../machine/machine.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { device_bytes, FRAME_LIMIT } from '../../machine/primitives/bytes.ts';
import type { Pfn } from './numbers.ts';

/** Calls back on each byte of frames `[first, first + nr)` that anybody ever touched. */
export function eachByte(machine: Machine, first: Pfn, nr: number, visit: (slot: number) => void): void {
  for (const slot of machine.memory.touchedIn(device_bytes, 0, Number.MAX_SAFE_INTEGER)) {
    const pfn = slot % FRAME_LIMIT;
    if (pfn >= first && pfn < first + nr) visit(slot);
  }
}

/** Zeroes whole pages on the medium, past the caches (blkdev_issue_zeroout; dax_zero_page_range). */
export const zero_pages: (first: Pfn, nr: number) => Op = primitive((machine, first, nr) => {
  const { value } = machine.memory.of(device_bytes);
  eachByte(machine, first, nr, (slot) => {
    if (value.get(slot) !== 0) value.set(slot, 0);
  });
});
