import { pmd_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { min } from '../../../../machine/primitives/own.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { MmId, PudSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pud_table } from '../../../state/pgtable.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { i_mmap_lock_write, i_mmap_unlock_write, vma_mapping } from '../../include/fs.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR, pgd_slot } from '../../include/pgtable_types.ts';
import { pmd_offset, pud_offset } from '../../include/pgtable_walk.ts';
import { __split_huge_pmd } from '../huge_memory.ts';
import { pmd_alloc, pte_alloc, pud_alloc } from '../memory/pgtable_alloc.ts';
import { pud_none_or_clear_bad } from '../pgtable-generic.ts';
import { move_huge_pmd, move_normal_pmd, move_normal_pud } from './move_pgt_entry.ts';
import { move_ptes } from './move_ptes.ts';
import { try_realign_addr } from './try_realign_addr.ts';

/**
 * Moves the entries of `[start, end)` of a VMA to `new_start` in its copy. What they map stays mapped all the time, so no count
 * changes; but PUD leaves are lost to get_old_pud.
 * Linux: mm/mremap.c move_page_tables (7.2). Left out: MMU notifiers; moving PUD leaves (move_huge_pud), which nothing comes to.
 */
export function* move_page_tables(
  vma: VmaId,
  copy: VmaId,
  start: Vaddr,
  end: Vaddr,
  new_start: Vaddr,
  need_rmap_locks: number,
): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  let at = start - (yield* try_realign_addr(vma, copy, start, end, new_start));
  while (at < end) {
    const to = new_start + at - start;
    let extent = get_extent(at, end, to, HPAGE_PUD_NR);
    const pud = yield* get_old_pud(mm, at);
    if (pud !== 0) {
      const new_pud = yield* pud_alloc(mm, to);
      if (extent !== HPAGE_PUD_NR || !(yield* move_normal_pud(vma, mm, pud, new_pud, at))) {
        extent = get_extent(at, end, to, HPAGE_PMD_NR);
        yield* move_pmd_entry(vma, mm, pud, new_pud, at, to, extent, need_rmap_locks);
      }
    }
    at += extent;
  }
}

/**
 * Pages from `at` on that lie under one entry of `size` pages both there and at `to`.
 * Linux: mm/mremap.c get_extent (7.2).
 */
export function get_extent(at: Vaddr, end: Vaddr, to: Vaddr, size: number): number {
  return min(end - at, min(size - (at % size), size - (to % size)));
}

/**
 * The PUD entry of `address`, or 0 if it has no table. A PUD leaf is taken for a broken entry and cleared, with no count
 * given back and no flush.
 * Linux: mm/mremap.c get_old_pud (7.2).
 */
export function* get_old_pud(mm: MmId, address: Vaddr): Op<PudSlot> {
  const pgd = yield* load(mm_struct.pgd, mm);
  const entry = yield* load(pgd_table.entry, pgd_slot(pgd, address));
  if (pte_none(entry)) return 0;
  const pud = pud_offset(entry, address);
  return (yield* pud_none_or_clear_bad(pud)) ? 0 : pud;
}

/**
 * Moves what one PMD entry covers.
 * Linux: mm/mremap.c move_page_tables, move_pgt_entry (7.2), its part for PMDs. Left out: that get_old_pmd asks get_old_pud
 * once more, which finds the same table.
 */
export function* move_pmd_entry(
  vma: VmaId,
  mm: MmId,
  pud: PudSlot,
  new_pud: PudSlot,
  address: Vaddr,
  new_address: Vaddr,
  extent: number,
  need_rmap_locks: number,
): Op {
  const table = yield* load(pud_table.entry, pud);
  const pmd = pmd_offset(table, address);
  if (pte_none(yield* load(pmd_table.entry, pmd))) return;
  const new_pmd = yield* pmd_alloc(mm, new_pud, new_address);
  const mapping = yield* vma_mapping(vma);
  for (;;) {
    const entry = yield* load(pmd_table.entry, pmd);
    if (pmd_is_huge(entry)) {
      if (extent === HPAGE_PMD_NR) {
        if (need_rmap_locks) yield* i_mmap_lock_write(mapping);
        const moved = yield* move_huge_pmd(mm, pmd, new_pmd, address);
        if (need_rmap_locks) yield* i_mmap_unlock_write(mapping);
        if (moved) return;
      }
      yield* __split_huge_pmd(mm, pmd, address);
    } else if (extent === HPAGE_PMD_NR) {
      if (yield* move_normal_pmd(vma, mm, pmd, new_pmd, address)) return;
    }
    if (pte_none(yield* load(pmd_table.entry, pmd))) return;
    yield* pte_alloc(new_pmd);
    if (need_rmap_locks) yield* i_mmap_lock_write(mapping);
    const done = yield* move_ptes(mm, pmd, new_pmd, address, new_address, extent);
    if (need_rmap_locks) yield* i_mmap_unlock_write(mapping);
    if (done) return;
  }
}
