import { tlb_remove_tlb_entries } from '../../src/kernel/common/mm/mmu_gather.ts';
import type { TableId, Vaddr } from '../../src/kernel/state/numbers.ts';
import { pagetable_free } from '../../src/kernel/state/tables.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of tlb_remove_table: waits neither for the flush nor for a grace period. */
export function* tlb_remove_table__frees_at_once(table: TableId, address: Vaddr): Op {
  yield* tlb_remove_tlb_entries(address, 1);
  yield* pagetable_free(table);
}
