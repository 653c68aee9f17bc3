import type { Op } from '../../../../machine/primitive.ts';
import { cmpxchg, load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div } from '../../../../machine/primitives/own.ts';
import {
  page_walk_begin,
  page_walk_end,
  tlb_load_byte,
  tlb_store_byte,
  tlb_write_back_line,
} from '../../../../machine/primitives/tlb.ts';
import { mm_struct } from '../../../state/mm.ts';
import type { Entry, MmId, PmdSlot, PteSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pte_table, pud_table } from '../../../state/pgtable.ts';
import { SIGNAL_SIGSEGV } from '../../include/errno.ts';
import { TASK_SIZE } from '../../include/mman.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  ENTRY_UNIT,
  entry_set_flags,
  HPAGE_PMD_NR,
  HPAGE_PUD_NR,
  pgd_slot,
} from '../../include/pgtable_types.ts';
import { pmd_offset, pte_offset, pud_offset } from '../../include/pgtable_walk.ts';
import { pmd_leaf, pte_access_permitted } from './include/asm/pgtable.ts';
import { exc_page_fault } from './mm/fault.ts';

/*
 * What the processor does by itself when an instruction of user space touches memory: not Linux, but the hardware
 * that Linux counts on (Intel SDM volume 3, chapter 4).
 */

/**
 * Reads the byte at `address` (in bytes) as user space: the byte, or the signal that it gets instead.
 */
export function* cpu_load(mm: MmId, address: number): Op<number> {
  const vaddr = div(address, PAGE_SIZE);
  if (address < 0 || vaddr >= TASK_SIZE) return SIGNAL_SIGSEGV;
  for (;;) {
    const byte = yield* tlb_load_byte(vaddr, address % PAGE_SIZE);
    if (byte >= 0) return byte;
    if (!(yield* page_walk(mm, vaddr, 0))) {
      const signal = yield* exc_page_fault(mm, vaddr, 0);
      if (signal) return signal;
    }
  }
}

/**
 * Writes the byte at `address` (in bytes) as user space: 0, or the signal that it gets instead.
 */
export function* cpu_store(mm: MmId, address: number, value: number): Op<number> {
  const vaddr = div(address, PAGE_SIZE);
  if (address < 0 || vaddr >= TASK_SIZE) return SIGNAL_SIGSEGV;
  while (!(yield* tlb_store_byte(vaddr, address % PAGE_SIZE, value, _PAGE_RW | _PAGE_DIRTY))) {
    if (!(yield* page_walk(mm, vaddr, 1))) {
      const signal = yield* exc_page_fault(mm, vaddr, 1);
      if (signal) return signal;
    }
  }
  return 0;
}

/**
 * The same as a program does it that wants to find the byte after a power loss: it writes the cache line back.
 */
export function* cpu_store_durable(mm: MmId, address: number, value: number): Op<number> {
  const signal = yield* cpu_store(mm, address, value);
  if (signal) return signal;
  yield* tlb_write_back_line(div(address, PAGE_SIZE), address % PAGE_SIZE);
  return 0;
}

/**
 * Looks an address up in the page tables and caches what it finds; 0 if nothing there allows the access.
 */
export function* page_walk(mm: MmId, vaddr: Vaddr, write: number): Op<Entry> {
  yield* page_walk_begin();
  const entry = yield* walk_page_tables(mm, vaddr, write);
  yield* page_walk_end(vaddr, entry);
  return entry;
}

/** The 4 KiB piece of a leaf that translates `vaddr`. `nr` is the number of pages of the leaf. */
export function translation_within(leaf: Entry, vaddr: Vaddr, nr: number): Entry {
  return leaf === 0 ? 0 : leaf + (vaddr % nr) * ENTRY_UNIT;
}

/** The translation of `vaddr`, marked accessed (and dirty for a write) in its leaf; 0 if it does not allow the access. */
export function* walk_page_tables(mm: MmId, vaddr: Vaddr, write: number): Op<Entry> {
  const pgd = yield* load(pgd_table.entry, pgd_slot(yield* load(mm_struct.pgd, mm), vaddr));
  if (!pte_access_permitted(pgd, write)) return 0;
  const pudp = pud_offset(pgd, vaddr);
  const pud = yield* load(pud_table.entry, pudp);
  if (!pte_access_permitted(pud, write)) return 0;
  if (pmd_leaf(pud)) return translation_within(yield* use_pud_leaf(pudp, write), vaddr, HPAGE_PUD_NR);
  const pmdp = pmd_offset(pud, vaddr);
  const pmd = yield* load(pmd_table.entry, pmdp);
  if (!pte_access_permitted(pmd, write)) return 0;
  if (pmd_leaf(pmd)) return translation_within(yield* use_pmd_leaf(pmdp, write), vaddr, HPAGE_PMD_NR);
  return yield* use_pte(pte_offset(pmd, vaddr), write);
}

/** A leaf as the processor leaves it after an access. */
export function used_leaf(leaf: Entry, write: number): Entry {
  return entry_set_flags(leaf, write ? _PAGE_ACCESSED | _PAGE_DIRTY : _PAGE_ACCESSED);
}

/** The PTE, marked as used in one atomic step; 0 if it does not allow the access. */
export function* use_pte(pte: PteSlot, write: number): Op<Entry> {
  for (;;) {
    const entry = yield* load(pte_table.entry, pte);
    if (!pte_access_permitted(entry, write)) return 0;
    const used = used_leaf(entry, write);
    if (used === entry) return entry;
    if ((yield* cmpxchg(pte_table.entry, pte, entry, used)) === entry) return used;
  }
}

/** The same of a PMD leaf; 0 also if it is a leaf no more. */
export function* use_pmd_leaf(pmd: PmdSlot, write: number): Op<Entry> {
  for (;;) {
    const entry = yield* load(pmd_table.entry, pmd);
    if (!pmd_leaf(entry) || !pte_access_permitted(entry, write)) return 0;
    const used = used_leaf(entry, write);
    if (used === entry) return entry;
    if ((yield* cmpxchg(pmd_table.entry, pmd, entry, used)) === entry) return used;
  }
}

/** The same of a PUD leaf. */
export function* use_pud_leaf(pud: PudSlot, write: number): Op<Entry> {
  for (;;) {
    const entry = yield* load(pud_table.entry, pud);
    if (!pmd_leaf(entry) || !pte_access_permitted(entry, write)) return 0;
    const used = used_leaf(entry, write);
    if (used === entry) return entry;
    if ((yield* cmpxchg(pud_table.entry, pud, entry, used)) === entry) return used;
  }
}
