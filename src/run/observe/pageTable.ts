import { mm_struct } from '../../kernel/state/mm.ts';
import type { Entry, MmId, Vaddr } from '../../kernel/state/numbers.ts';
import { PTRS_PER_TABLE, pgd_table, pmd_table, pte_table, pud_table } from '../../kernel/state/pgtable.ts';
import type { Memory } from '../../machine/memory.ts';
import { isLeaf, tableOf } from './entry.ts';
import { pagesOfEntry } from './tableMap.ts';

/** A leaf of the page tables. */
export interface Leaf {
  /** 1 = PTE, 2 = PMD, 3 = PUD. */
  readonly level: number;
  readonly entry: Entry;
  /** Its slot in the tables of its level. */
  readonly slot: number;
}

const TABLES = [pte_table, pmd_table, pud_table, pgd_table];

/** The leaf that maps a page of an address space, as the page tables stand at this moment; null for none. */
export function leafAt(memory: Memory, mm: MmId, address: Vaddr): Leaf | null {
  let table = mm === 0 ? 0 : memory.of(mm_struct).pgd.get(mm);
  for (let level = TABLES.length; level > 0 && table !== 0; level--) {
    const slot = table * PTRS_PER_TABLE + (Math.floor(address / pagesOfEntry(level)) % PTRS_PER_TABLE);
    const entry = memory.of(TABLES[level - 1] as typeof pte_table).entry.get(slot);
    if (isLeaf(entry, level)) return { level, entry, slot };
    table = level === 1 ? 0 : tableOf(entry);
  }
  return null;
}
