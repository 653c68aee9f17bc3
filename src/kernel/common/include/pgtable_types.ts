import { div } from '../../../machine/primitives/own.ts';
import type { Entry, Pfn, PgdSlot, PmdSlot, PteSlot, PudSlot, TableId, Vaddr } from '../../state/numbers.ts';

/*
 * Page-table entries (arch/x86/include/asm/pgtable_types.h). The 64 bits of an entry stand here as one integer,
 * frame number * ENTRY_UNIT + flags, because JavaScript's bit operators cut at 32 bits: flags may be tested with `&`,
 * and are set and cleared by addition. `state/entryBits.ts` names the real bit of each flag.
 */

export const ENTRY_UNIT = 4096;

export const _PAGE_PRESENT = 1;
export const _PAGE_RW = 2;
export const _PAGE_USER = 4;
export const _PAGE_ACCESSED = 8;
export const _PAGE_DIRTY = 16;
export const _PAGE_PSE = 32;
export const _PAGE_PROTNONE = 64;
export const _PAGE_SPECIAL = 128;
export const _PAGE_SOFT_DIRTY = 256;
export const _PAGE_DEVMAP = 512;
export const _PAGE_SAVED_DIRTY = 1024;
export const _PAGE_NX = 2048;

/** Flags of an entry that points to a table. */
export const _PAGE_TABLE = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;

/** Pages that one entry of each level maps. */
export const PTRS_PER_PTE = 512;
export const HPAGE_PMD_NR = 512;
export const HPAGE_PUD_NR = 262144;
export const PGDIR_NR = 134217728;

export function entry_pfn(entry: Entry): Pfn {
  return div(entry, ENTRY_UNIT);
}

export function mk_entry(pfn: Pfn, flags: number): Entry {
  return pfn * ENTRY_UNIT + flags;
}

export function entry_set_flags(entry: Entry, flags: number): Entry {
  return entry + (flags & ~entry);
}

export function entry_clear_flags(entry: Entry, flags: number): Entry {
  return entry - (entry & flags);
}

/** Slots of `address` in the tables of each level (pgd_offset, pud_offset, pmd_offset, pte_offset). */
export function pgd_slot(table: TableId, address: Vaddr): PgdSlot {
  return table * PTRS_PER_PTE + (div(address, PGDIR_NR) % PTRS_PER_PTE);
}

export function pud_slot(table: TableId, address: Vaddr): PudSlot {
  return table * PTRS_PER_PTE + (div(address, HPAGE_PUD_NR) % PTRS_PER_PTE);
}

export function pmd_slot(table: TableId, address: Vaddr): PmdSlot {
  return table * PTRS_PER_PTE + (div(address, HPAGE_PMD_NR) % PTRS_PER_PTE);
}

export function pte_slot(table: TableId, address: Vaddr): PteSlot {
  return table * PTRS_PER_PTE + (address % PTRS_PER_PTE);
}

/** The table that a slot lies in, for its lock (ptdesc). */
export function table_of_slot(slot: PteSlot | PmdSlot | PudSlot): TableId {
  return div(slot, PTRS_PER_PTE);
}
