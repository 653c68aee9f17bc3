import type { Cpu, Entry, Vaddr } from '../brand.ts';
import { cpu, TLB_STRIDE, tlb, tlbSlot } from '../cpus.ts';
import { blocking, type Op, primitive } from '../primitive.ts';

/** Looks a virtual page up in this CPU's TLB; 0 if it is not cached. Using an entry is reported. */
export const tlb_lookup: (vaddr: Vaddr) => Op<Entry> = primitive((machine, vaddr) => {
  const entry = machine.memory.of(tlb).entry.get(tlbSlot(machine.cpu, vaddr));
  if (entry !== 0) machine.observer.translated(machine.cpu, vaddr, entry);
  return entry;
});

/** Caches a translation in this CPU's TLB. */
export const tlb_fill: (vaddr: Vaddr, entry: Entry) => Op = primitive((machine, vaddr, entry) =>
  machine.memory.of(tlb).entry.set(tlbSlot(machine.cpu, vaddr), entry),
);

/**
 * One CPU drops its translations of `[start, end)`: at once on the CPU itself, elsewhere by an IPI, which waits
 * while that CPU has interrupts off. A CPU in another address space has nothing to drop.
 */
export const flush_tlb_cpu: (target: Cpu, addressSpace: number, start: Vaddr, end: Vaddr) => Op = blocking(
  (machine, target, addressSpace, start, end) => {
    const cpus = machine.memory.of(cpu);
    if (cpus.address_space.get(target) !== addressSpace) return true;
    if (target !== machine.cpu && cpus.irqs_disabled.get(target) !== 0) return false;
    const entries = machine.memory.of(tlb).entry;
    const first = tlbSlot(target, start);
    const last = Math.min(tlbSlot(target, end), (target + 1) * TLB_STRIDE);
    for (const slot of machine.memory.touchedIn(tlb, first, last)) {
      if (entries.get(slot) !== 0) entries.set(slot, 0);
    }
    return true;
  },
);

/** This CPU switches to another address space (a number of the kernel's, 0 for none) and loses its TLB. */
export const switch_address_space: (addressSpace: number) => Op = primitive((machine, addressSpace) => {
  machine.memory.of(cpu).address_space.set(machine.cpu, addressSpace);
  const entries = machine.memory.of(tlb).entry;
  const first = tlbSlot(machine.cpu, 0);
  for (const slot of machine.memory.touchedIn(tlb, first, first + TLB_STRIDE)) {
    if (entries.get(slot) !== 0) entries.set(slot, 0);
  }
});
