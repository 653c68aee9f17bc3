import { pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { mm_struct } from '../../state/mm.ts';
import type { Entry, MmId, PmdSlot, PudSlot, Vaddr } from '../../state/numbers.ts';
import { pgd_table, pud_table } from '../../state/pgtable.ts';
import { pte_none } from '../arch/x86/include/asm/pgtable.ts';
import { pgd_slot } from '../include/pgtable_types.ts';
import { pgd_addr_end, pmd_offset, pud_addr_end, pud_offset } from '../include/pgtable_walk.ts';
import { __split_huge_pud } from './huge_memory.ts';

/*
 * The walk over page tables that smaps, pagemap, mincore, clear_refs and some advices share (walk_page_range). Linux's
 * calls back for each PMD entry; here the caller asks for the next one.
 */

/**
 * The first address of `[address, end)` that has a PMD entry, or `end`. The walkers know no huger entries: a PUD leaf on
 * the way goes, to be faulted in again.
 * Linux: mm/pagewalk.c walk_page_range, walk_pgd_range, walk_pud_range (7.2).
 */
export function* walk_page_range(mm: MmId, address: Vaddr, end: Vaddr): Op<Vaddr> {
  const pgd = yield* load(mm_struct.pgd, mm);
  let at = address;
  while (at < end) {
    const p4d = yield* load(pgd_table.entry, pgd_slot(pgd, at));
    if (pte_none(p4d)) at = pgd_addr_end(at, end);
    else if (pte_none(yield* walk_pud_entry(mm, pud_offset(p4d, at), at))) at = pud_addr_end(at, end);
    else return at;
  }
  return end;
}

/**
 * A PUD entry, empty or pointing to a table.
 * Linux: mm/pagewalk.c walk_pud_range (7.2), its body; include/linux/huge_mm.h split_huge_pud (7.2).
 */
export function* walk_pud_entry(mm: MmId, pud: PudSlot, address: Vaddr): Op<Entry> {
  const entry = yield* load(pud_table.entry, pud);
  if (!pud_is_huge(entry)) return entry;
  yield* __split_huge_pud(mm, pud, address);
  return yield* load(pud_table.entry, pud);
}

/**
 * The PMD entry of an address that walk_page_range found, under the same lock of the address space.
 * Linux: include/linux/pgtable.h pmd_off (7.2).
 */
export function* pmd_off(mm: MmId, address: Vaddr): Op<PmdSlot> {
  const pgd = yield* load(mm_struct.pgd, mm);
  const p4d = yield* load(pgd_table.entry, pgd_slot(pgd, address));
  return pmd_offset(yield* load(pud_table.entry, pud_offset(p4d, address)), address);
}
