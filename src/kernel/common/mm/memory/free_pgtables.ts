import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { MmId, PgdSlot, PmdSlot, PudSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pud_table } from '../../../state/pgtable.ts';
import { pmd_leaf } from '../../arch/x86/include/asm/pgtable.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR, PGDIR_NR, pgd_slot } from '../../include/pgtable_types.ts';
import {
  pgd_addr_end,
  pgtable_of,
  pmd_addr_end,
  pmd_offset,
  pud_addr_end,
  pud_offset,
} from '../../include/pgtable_walk.ts';
import { tlb_remove_table } from '../mmu_gather.ts';

/*
 * Page tables go with the VMAs that they served. A table is freed only if no neighbour needs it: nothing is mapped
 * from `floor` up to the freed range, nor from there up to `ceiling` (0: the end of the address space).
 */

/**
 * Frees the tables of a VMA whose entries are gone and that nobody finds any more; `floor` is where the VMA below ends,
 * `ceiling` where the one above begins.
 * Linux: mm/memory.c free_pgtables (7.2), for one VMA. Left out: taking it out of its file's tree, which the caller
 * does; joining neighbours.
 */
export function* free_pgtables(vma: VmaId, floor: Vaddr, ceiling: Vaddr): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const start = yield* load(vm_area_struct.vm_start, vma);
  const end = yield* load(vm_area_struct.vm_end, vma);
  yield* free_pgd_range(mm, start, end, floor, ceiling);
}

/** Where a range that begins at `address` may begin to lose tables that each serve `span` pages. */
export function first_freeable(address: Vaddr, floor: Vaddr, span: number): Vaddr {
  return address - (address % span) < floor ? address - (address % span) + span : address - (address % span);
}

/** Whether a table that serves the `span` pages around `start` serves nothing outside of what goes. */
export function table_is_spare(
  start: Vaddr,
  end: Vaddr,
  floor: Vaddr,
  ceiling: Vaddr,
  span: number,
): boolean {
  return start - (start % span) >= floor && (ceiling === 0 || end <= ceiling - (ceiling % span));
}

/** Linux: mm/memory.c free_pgd_range, free_p4d_range (7.2). */
export function* free_pgd_range(mm: MmId, address: Vaddr, end: Vaddr, floor: Vaddr, ceiling: Vaddr): Op {
  const pgd = yield* load(mm_struct.pgd, mm);
  const last = ceiling !== 0 && end > ceiling - (ceiling % HPAGE_PMD_NR) ? end - HPAGE_PMD_NR : end;
  let at = first_freeable(address, floor, HPAGE_PMD_NR);
  while (at < last) {
    const next = pgd_addr_end(at, last);
    const slot = pgd_slot(pgd, at);
    const entry = yield* load(pgd_table.entry, slot);
    if (entry !== 0) yield* free_pud_range(slot, entry, at, next, floor, ceiling);
    at = next;
  }
}

/** Linux: mm/memory.c free_pud_range (7.2). */
export function* free_pud_range(
  pgd: PgdSlot,
  p4d: number,
  address: Vaddr,
  end: Vaddr,
  floor: Vaddr,
  ceiling: Vaddr,
): Op {
  let at = address;
  while (at < end) {
    const next = pud_addr_end(at, end);
    const pud = pud_offset(p4d, at);
    const entry = yield* load(pud_table.entry, pud);
    if (entry !== 0 && !WARN_ON_ONCE(pmd_leaf(entry), 'pud_clear_bad')) {
      yield* free_pmd_range(pud, entry, at, next, floor, ceiling);
    }
    at = next;
  }
  if (!table_is_spare(address, end, floor, ceiling, PGDIR_NR)) return;
  yield* store(pgd_table.entry, pgd, 0);
  yield* tlb_remove_table(pgtable_of(p4d), address);
}

/** Linux: mm/memory.c free_pmd_range (7.2). */
export function* free_pmd_range(
  pud: PudSlot,
  pud_entry: number,
  address: Vaddr,
  end: Vaddr,
  floor: Vaddr,
  ceiling: Vaddr,
): Op {
  let at = address;
  while (at < end) {
    const next = pmd_addr_end(at, end);
    const pmd = pmd_offset(pud_entry, at);
    const entry = yield* load(pmd_table.entry, pmd);
    if (entry !== 0 && !WARN_ON_ONCE(pmd_leaf(entry), 'pmd_clear_bad')) {
      yield* free_pte_range(pmd, entry, at);
    }
    at = next;
  }
  if (!table_is_spare(address, end, floor, ceiling, HPAGE_PUD_NR)) return;
  yield* store(pud_table.entry, pud, 0);
  yield* tlb_remove_table(pgtable_of(pud_entry), address);
}

/** Linux: mm/memory.c free_pte_range (7.2). */
export function* free_pte_range(pmd: PmdSlot, entry: number, address: Vaddr): Op {
  yield* store(pmd_table.entry, pmd, 0);
  yield* tlb_remove_table(pgtable_of(entry), address);
}
