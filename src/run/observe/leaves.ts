import { mm_struct } from '../../kernel/state/mm.ts';
import type { Entry, MmId, Pfn, TableId, Vaddr } from '../../kernel/state/numbers.ts';
import { PTRS_PER_TABLE, pgd_table, pmd_table, pte_table, pud_table } from '../../kernel/state/pgtable.ts';
import { SLOTS_MM, slots } from '../../kernel/state/slots.ts';
import type { Memory } from '../../machine/memory.ts';
import { frameOf, isLeaf, tableOf } from './entry.ts';
import { pagesOfEntry } from './tableMap.ts';

const TABLES = [pte_table, pmd_table, pud_table, pgd_table];

/** A leaf of the page tables of an address space, and where it stands. */
export interface PlacedLeaf {
  readonly mm: MmId;
  readonly address: Vaddr;
  readonly level: number;
  readonly entry: Entry;
  /** First frame that it maps, and how many. */
  readonly pfn: Pfn;
  readonly pages: number;
}

/** The leaves of all address spaces. */
export function* leavesOf(memory: Memory): Generator<PlacedLeaf> {
  const { pgd } = memory.of(mm_struct);
  const limit = memory.of(slots).highest.get(SLOTS_MM);
  for (let mm: MmId = 1; mm <= limit; mm++) {
    if (pgd.get(mm) !== 0) yield* leavesBelow(memory, mm, pgd.get(mm), TABLES.length, 0);
  }
}

function* leavesBelow(
  memory: Memory,
  mm: MmId,
  table: TableId,
  level: number,
  base: Vaddr,
): Generator<PlacedLeaf> {
  const struct = TABLES[level - 1] as typeof pte_table;
  const { entry } = memory.of(struct);
  const first = table * PTRS_PER_TABLE;
  for (const slot of memory.touchedIn(struct, first, first + PTRS_PER_TABLE)) {
    const value = entry.get(slot);
    const pages = pagesOfEntry(level);
    const address = base + (slot - first) * pages;
    if (isLeaf(value, level)) yield { mm, address, level, entry: value, pfn: frameOf(value), pages };
    else if (value !== 0 && level > 1) yield* leavesBelow(memory, mm, tableOf(value), level - 1, address);
  }
}
