import type { Op } from '../../../../machine/primitive.ts';
import { load, store, xchg } from '../../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../../machine/primitives/locks.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import type { MmId, PmdSlot, PudSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table, ptdesc, pud_table } from '../../../state/pgtable.ts';
import { pte_mksoft_dirty, pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../../arch/x86/mm/tlb.ts';
import { i_mmap_lock_write, i_mmap_unlock_write, vma_mapping } from '../../include/fs.ts';
import { __pmd_trans_huge_lock } from '../../include/huge_mm.ts';
import { pmd_lock, pmd_unlock, pud_lock, pud_unlock } from '../../include/page_table_lock.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR, table_of_slot } from '../../include/pgtable_types.ts';
import { pmd_has_table } from '../pgtable-generic.ts';

/*
 * Moves of single upper entries: PMD leaves, and tables that move with all they contain. Clear, store, flush, under the locks
 * of both places. A table moves under i_mmap_rwsem: who walks all mappings must not come to its entries in between.
 */

/**
 * Moves a PMD leaf; 0 if it cannot: something is at the new place, or the leaf is gone.
 * Linux: mm/huge_memory.c move_huge_pmd (7.2). Left out: deposited tables, userfaultfd.
 */
export function* move_huge_pmd(mm: MmId, pmd: PmdSlot, new_pmd: PmdSlot, address: Vaddr): Op<number> {
  if (!pte_none(yield* load(pmd_table.entry, new_pmd))) return 0;
  if (!(yield* __pmd_trans_huge_lock(pmd))) return 0;
  yield* new_pmd_lock(pmd, new_pmd);
  const entry = yield* xchg(pmd_table.entry, pmd, 0);
  yield* store(pmd_table.entry, new_pmd, pte_mksoft_dirty(entry));
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PMD_NR);
  yield* new_pmd_unlock(pmd, new_pmd);
  yield* pmd_unlock(pmd);
  return 1;
}

/**
 * Moves a table of PTEs with all it contains; 0 if it cannot.
 * Linux: mm/mremap.c move_normal_pmd, move_pgt_entry (7.2).
 */
export function* move_normal_pmd(
  vma: VmaId,
  mm: MmId,
  pmd: PmdSlot,
  new_pmd: PmdSlot,
  address: Vaddr,
): Op<number> {
  const mapping = yield* vma_mapping(vma);
  yield* i_mmap_lock_write(mapping);
  const moved = yield* move_normal_pmd_locked(mm, pmd, new_pmd, address);
  yield* i_mmap_unlock_write(mapping);
  return moved;
}

/** The part of move_normal_pmd under i_mmap_rwsem. Linux: mm/mremap.c move_normal_pmd (7.2). */
export function* move_normal_pmd_locked(
  mm: MmId,
  pmd: PmdSlot,
  new_pmd: PmdSlot,
  address: Vaddr,
): Op<number> {
  const occupied = !pte_none(yield* load(pmd_table.entry, new_pmd));
  if (WARN_ON_ONCE(occupied, 'move_normal_pmd: something is at the new place')) return 0;
  yield* pmd_lock(pmd);
  yield* new_pmd_lock(pmd, new_pmd);
  const entry = yield* load(pmd_table.entry, pmd);
  const moved = pmd_has_table(entry) ? 1 : 0;
  if (moved) {
    yield* store(pmd_table.entry, pmd, 0);
    yield* store(pmd_table.entry, new_pmd, entry);
    yield* flush_tlb_mm_range(mm, address, address + HPAGE_PMD_NR);
  }
  yield* new_pmd_unlock(pmd, new_pmd);
  yield* pmd_unlock(pmd);
  return moved;
}

/** Takes the lock of the new place too, unless both entries lie in one table. */
export function* new_pmd_lock(pmd: PmdSlot, new_pmd: PmdSlot): Op {
  if (table_of_slot(new_pmd) !== table_of_slot(pmd)) yield* spin_lock(ptdesc.ptl, table_of_slot(new_pmd));
}

/** Ends what new_pmd_lock began. */
export function* new_pmd_unlock(pmd: PmdSlot, new_pmd: PmdSlot): Op {
  if (table_of_slot(new_pmd) !== table_of_slot(pmd)) yield* spin_unlock(ptdesc.ptl, table_of_slot(new_pmd));
}

/**
 * Moves a table of PMDs with all it contains; 0 if it cannot.
 * Linux: mm/mremap.c move_normal_pud, move_pgt_entry (7.2).
 */
export function* move_normal_pud(
  vma: VmaId,
  mm: MmId,
  pud: PudSlot,
  new_pud: PudSlot,
  address: Vaddr,
): Op<number> {
  const mapping = yield* vma_mapping(vma);
  yield* i_mmap_lock_write(mapping);
  const occupied = !pte_none(yield* load(pud_table.entry, new_pud));
  if (!WARN_ON_ONCE(occupied, 'move_normal_pud: something is at the new place')) {
    yield* move_pud(mm, pud, new_pud, address);
  }
  yield* i_mmap_unlock_write(mapping);
  return occupied ? 0 : 1;
}

/** The part of move_normal_pud under the lock, which is the same at both places. Linux: mm/mremap.c move_normal_pud (7.2). */
export function* move_pud(mm: MmId, pud: PudSlot, new_pud: PudSlot, address: Vaddr): Op {
  yield* pud_lock(mm);
  const entry = yield* load(pud_table.entry, pud);
  yield* store(pud_table.entry, pud, 0);
  yield* store(pud_table.entry, new_pud, entry);
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PUD_NR);
  yield* pud_unlock(mm);
}
