import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import type { TableId } from './numbers.ts';
import { PTRS_PER_TABLE, pgd_table, pmd_table, ptdesc, pte_table, pud_table } from './pgtable.ts';
import { releaseSlot, SLOTS_TABLE, slots, takeSlot } from './slots.ts';

const tablesOfLevel = [pte_table, pmd_table, pud_table, pgd_table];

function clearEntries(memory: Memory, table: TableId, level: number): void {
  const struct = tablesOfLevel[level - 1];
  if (struct !== undefined) memory.forget(struct, table * PTRS_PER_TABLE, (table + 1) * PTRS_PER_TABLE);
}

/** A zeroed page-table page for `level` (1 = PTE … 4 = PGD); nobody else sees it yet (pte_alloc_one and its like). */
export const pagetable_alloc: (level: number) => Op<TableId> = primitive((machine, level) =>
  takeSlot(machine.memory.of(slots).highest, SLOTS_TABLE, machine.memory.of(ptdesc).level, level),
);

/** Gives a page-table page back to the page allocator, which may hand it to anyone. */
export const pagetable_free: (table: TableId) => Op = primitive((machine, table) => {
  const { level } = machine.memory.of(ptdesc);
  clearEntries(machine.memory, table, level.get(table));
  releaseSlot(machine.memory.of(slots).highest, SLOTS_TABLE, level, table);
});
