import { type Op, primitive } from '../../machine/primitive.ts';
import { mm_struct } from './mm.ts';
import type { MmId, TableId } from './numbers.ts';
import { releaseSlot, SLOTS_MM, slots, takeSlot } from './slots.ts';

/** A new address space with an empty top-level table, nobody's yet (allocate_mm, mm_alloc_pgd). */
export const allocate_mm: (pgd: TableId) => Op<MmId> = primitive((machine, pgd) =>
  takeSlot(machine.memory.of(slots).highest, SLOTS_MM, machine.memory.of(mm_struct).pgd, pgd),
);

/** Gives an address space back that nobody refers to any more (free_mm). */
export const free_mm: (mm: MmId) => Op = primitive((machine, mm) => {
  const fields = machine.memory.of(mm_struct);
  for (const field of [fields.def_flags, fields.flags, fields.rss_file, fields.rss_anon]) field.set(mm, 0);
  releaseSlot(machine.memory.of(slots).highest, SLOTS_MM, fields.pgd, mm);
});
