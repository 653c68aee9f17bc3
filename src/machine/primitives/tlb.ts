import type { Cpu, Entry, Vaddr } from '../brand.ts';
import { cpu, TLB_STRIDE, tlb, tlbSlot } from '../cpus.ts';
import type { Memory } from '../memory.ts';
import { blocking, type Op, primitive } from '../primitive.ts';
import { byteAt, device_bytes, noteStore, writeBackLine } from './bytes.ts';

/** What a TLB entry is divided by to have its frame: `Entry` keeps that many flags below it. */
const ENTRY_FLAGS = 4096;

/**
 * One byte read by an instruction: through the TLB entry of its page, in the same step, because an interrupt (and
 * with it a flush) comes between instructions. Returns the byte, or -1 if no entry is cached.
 */
export const tlb_load_byte: (vaddr: Vaddr, offset: number) => Op<number> = primitive(
  (machine, vaddr, offset) => {
    const entry = machine.memory.of(tlb).entry.get(tlbSlot(machine.cpu, vaddr));
    if (entry === 0) return -1;
    machine.observer.translated(machine.cpu, vaddr, entry);
    return machine.memory.of(device_bytes).value.get(byteAt(Math.floor(entry / ENTRY_FLAGS), offset));
  },
);

/**
 * One byte written by an instruction, like `tlb_load_byte`. Returns 1, or 0 if no entry is cached that has all
 * flags of `required`.
 */
export const tlb_store_byte: (vaddr: Vaddr, offset: number, value: number, required: number) => Op<number> =
  primitive((machine, vaddr, offset, value, required) => {
    const entry = machine.memory.of(tlb).entry.get(tlbSlot(machine.cpu, vaddr));
    if ((entry & required) !== required) return 0;
    machine.observer.translated(machine.cpu, vaddr, entry);
    const pfn = Math.floor(entry / ENTRY_FLAGS);
    machine.memory.of(device_bytes).value.set(byteAt(pfn, offset), value & 255);
    noteStore(machine.memory, pfn, offset, offset + 1);
    return 1;
  });

/**
 * Writes the line back that an instruction has stored to, so that it outlives the power (CLWB with a fence): through the TLB
 * entry of its page, if that is still cached.
 */
export const tlb_write_back_line: (vaddr: Vaddr, offset: number) => Op = primitive(
  (machine, vaddr, offset) => {
    const entry = machine.memory.of(tlb).entry.get(tlbSlot(machine.cpu, vaddr));
    if (entry === 0) return;
    writeBackLine(machine.memory, Math.floor(entry / ENTRY_FLAGS), offset);
  },
);

/** This CPU's hardware begins to walk page tables: until the end of the instruction no IPI gets through. */
export const page_walk_begin: () => Op = primitive((machine) =>
  machine.memory.of(cpu).page_walk.set(machine.cpu, 1),
);

/** The walk is over: caches what it led to (0 = nothing that serves the access) and lets IPIs through again. */
export const page_walk_end: (vaddr: Vaddr, entry: Entry) => Op = primitive((machine, vaddr, entry) => {
  if (entry !== 0) machine.memory.of(tlb).entry.set(tlbSlot(machine.cpu, vaddr), entry);
  machine.memory.of(cpu).page_walk.set(machine.cpu, 0);
});

/**
 * One CPU drops its translations of `[start, end)`: at once on the CPU itself, elsewhere by an IPI, which waits
 * while that CPU has interrupts off or is in the middle of a page walk. A CPU in another address space has nothing to drop.
 */
export const flush_tlb_cpu: (target: Cpu, addressSpace: number, start: Vaddr, end: Vaddr) => Op = blocking(
  (machine, target, addressSpace, start, end) => {
    const cpus = machine.memory.of(cpu);
    if (cpus.address_space.get(target) !== addressSpace) return true;
    if (
      target !== machine.cpu &&
      (cpus.irqs_disabled.get(target) !== 0 || cpus.page_walk.get(target) !== 0)
    ) {
      return false;
    }
    dropTranslations(machine.memory, target, start, Math.min(end, TLB_STRIDE));
    return true;
  },
);

/** This CPU switches to another address space (a number of the kernel's, 0 for none) and loses its TLB. */
export const switch_address_space: (addressSpace: number) => Op = primitive((machine, addressSpace) => {
  machine.memory.of(cpu).address_space.set(machine.cpu, addressSpace);
  dropTranslations(machine.memory, machine.cpu, 0, TLB_STRIDE);
});

/** Clears what one CPU has cached of `[start, end)`, and lets the storage go that stood for it. */
function dropTranslations(memory: Memory, target: Cpu, start: Vaddr, end: Vaddr): void {
  const entries = memory.of(tlb).entry;
  const first = tlbSlot(target, start);
  const last = tlbSlot(target, end);
  for (const slot of memory.touchedIn(tlb, first, last)) {
    if (entries.get(slot) !== 0) entries.set(slot, 0);
  }
  memory.forget(tlb, first, last);
}
