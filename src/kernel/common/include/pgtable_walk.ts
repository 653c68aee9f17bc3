import { div, min } from '../../../machine/primitives/own.ts';
import type { Entry, PmdSlot, PteSlot, PudSlot, TableId, Vaddr } from '../../state/numbers.ts';
import {
  _PAGE_TABLE,
  ENTRY_UNIT,
  HPAGE_PMD_NR,
  HPAGE_PUD_NR,
  PGDIR_NR,
  pmd_slot,
  pte_slot,
  pud_slot,
} from './pgtable_types.ts';

/*
 * Ways through the page tables (include/linux/pgtable.h). The *_offset functions take the entry above as it was
 * read, as Linux's *_offset_lockless do: each look at an entry is an access, and whose it is should be seen.
 */

/** The table that an entry points to. Linux: include/linux/pgtable.h pmd_pgtable, pud_pgtable, p4d_pgtable (7.2). */
export function pgtable_of(entry: Entry): TableId {
  return div(entry, ENTRY_UNIT);
}

/** An entry that points to a table. Linux: arch/x86/include/asm/pgalloc.h pmd_populate, pud_populate, p4d_populate (7.2), the value. */
export function mk_table_entry(table: TableId): Entry {
  return table * ENTRY_UNIT + _PAGE_TABLE;
}

/** Linux: include/linux/pgtable.h pud_offset (7.2); the level above it is the PGD, p4d being folded. */
export function pud_offset(p4d: Entry, address: Vaddr): PudSlot {
  return pud_slot(pgtable_of(p4d), address);
}

/** Linux: include/linux/pgtable.h pmd_offset (7.2). */
export function pmd_offset(pud: Entry, address: Vaddr): PmdSlot {
  return pmd_slot(pgtable_of(pud), address);
}

/** Linux: include/linux/pgtable.h pte_offset_kernel (7.2). */
export function pte_offset(pmd: Entry, address: Vaddr): PteSlot {
  return pte_slot(pgtable_of(pmd), address);
}

/** The end of the part of `[address, end)` that one PGD entry covers. Linux: include/linux/pgtable.h pgd_addr_end (7.2). */
export function pgd_addr_end(address: Vaddr, end: Vaddr): Vaddr {
  return min(address - (address % PGDIR_NR) + PGDIR_NR, end);
}

/** The same of a PUD entry. Linux: include/linux/pgtable.h pud_addr_end (7.2). */
export function pud_addr_end(address: Vaddr, end: Vaddr): Vaddr {
  return min(address - (address % HPAGE_PUD_NR) + HPAGE_PUD_NR, end);
}

/** The same of a PMD entry. Linux: include/linux/pgtable.h pmd_addr_end (7.2). */
export function pmd_addr_end(address: Vaddr, end: Vaddr): Vaddr {
  return min(address - (address % HPAGE_PMD_NR) + HPAGE_PMD_NR, end);
}
