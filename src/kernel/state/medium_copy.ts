import { type Op, primitive } from '../../machine/primitive.ts';
import { device_bytes, noteStore } from '../../machine/primitives/bytes.ts';
import { eachByte } from './medium.ts';
import type { Pfn } from './numbers.ts';

/**
 * Makes `nr` frames from `to` on hold what those from `from` on do (copy_mc_to_kernel, copy_user_highpage). One step: it
 * copies to where nobody looks yet.
 */
export const copy_pages: (to: Pfn, from: Pfn, nr: number) => Op = primitive((machine, to, from, nr) => {
  const { value } = machine.memory.of(device_bytes);
  const distance = to - from;
  eachByte(machine, to, nr, (slot) => {
    const copied = value.get(slot - distance);
    if (value.get(slot) !== copied) value.set(slot, copied);
  });
  eachByte(machine, from, nr, (slot) => {
    const copied = value.get(slot);
    if (value.get(slot + distance) !== copied) value.set(slot + distance, copied);
  });
  for (let page = to; page < to + nr; page++) noteStore(machine.memory, page);
});
