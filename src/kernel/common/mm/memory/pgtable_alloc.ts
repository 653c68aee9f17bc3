import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../../machine/primitives/locks.ts';
import { mm_struct } from '../../../state/mm.ts';
import type { MmId, PgdSlot, PmdSlot, PteSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pud_table } from '../../../state/pgtable.ts';
import { pagetable_alloc, pagetable_free } from '../../../state/tables.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { pmd_lock, pmd_unlock, pud_lock, pud_unlock } from '../../include/page_table_lock.ts';
import { pgd_slot } from '../../include/pgtable_types.ts';
import { mk_table_entry, pmd_offset, pud_offset } from '../../include/pgtable_walk.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';

/*
 * Page tables come when a fault needs them: allocated first, then put in under the lock, where a thread that lost the
 * race finds the entry taken and frees its own. Left out: running out of memory, the levels that x86-64 folds.
 */

/**
 * The PUD entry of `address`, its table allocated if need be.
 * Linux: include/linux/mm.h pud_alloc (7.2).
 */
export function* pud_alloc(mm: MmId, address: Vaddr): Op<PudSlot> {
  const pgd = pgd_slot(yield* load(mm_struct.pgd, mm), address);
  const entry = yield* load(pgd_table.entry, pgd);
  if (!pte_none(entry)) return pud_offset(entry, address);
  yield* __pud_alloc(mm, pgd);
  return pud_offset(yield* load(pgd_table.entry, pgd), address);
}

/** Linux: mm/memory.c __pud_alloc (7.2). */
export function* __pud_alloc(mm: MmId, pgd: PgdSlot): Op {
  const table = yield* pagetable_alloc(3);
  yield* spin_lock(mm_struct.page_table_lock, mm);
  if (pte_none(yield* load(pgd_table.entry, pgd))) {
    yield* store(pgd_table.entry, pgd, mk_table_entry(table));
    yield* spin_unlock(mm_struct.page_table_lock, mm);
    return;
  }
  yield* spin_unlock(mm_struct.page_table_lock, mm);
  yield* pagetable_free(table);
}

/**
 * The PMD entry of `address`, its table allocated if need be. Where a PUD leaf stands the slot means nothing: the
 * caller has to look.
 * Linux: include/linux/mm.h pmd_alloc (7.2).
 */
export function* pmd_alloc(mm: MmId, pud: PudSlot, address: Vaddr): Op<PmdSlot> {
  const entry = yield* load(pud_table.entry, pud);
  if (!pte_none(entry)) return pmd_offset(entry, address);
  yield* __pmd_alloc(mm, pud);
  return pmd_offset(yield* load(pud_table.entry, pud), address);
}

/** Linux: mm/memory.c __pmd_alloc (7.2). */
export function* __pmd_alloc(mm: MmId, pud: PudSlot): Op {
  const table = yield* pagetable_alloc(2);
  yield* pud_lock(mm);
  if (pte_none(yield* load(pud_table.entry, pud))) {
    yield* store(pud_table.entry, pud, mk_table_entry(table));
    yield* pud_unlock(mm);
    return;
  }
  yield* pud_unlock(mm);
  yield* pagetable_free(table);
}

/**
 * Sees to it that there is something below a PMD entry: a table, or a leaf if another thread was faster.
 * Linux: include/linux/mm.h pte_alloc (7.2).
 */
export function* pte_alloc(pmd: PmdSlot): Op {
  if (pte_none(yield* load(pmd_table.entry, pmd))) yield* __pte_alloc(pmd);
}

/** Linux: mm/memory.c __pte_alloc, pmd_install (7.2). */
export function* __pte_alloc(pmd: PmdSlot): Op {
  const table = yield* pagetable_alloc(1);
  yield* pmd_lock(pmd);
  if (pte_none(yield* load(pmd_table.entry, pmd))) {
    yield* store(pmd_table.entry, pmd, mk_table_entry(table));
    yield* pmd_unlock(pmd);
    return;
  }
  yield* pmd_unlock(pmd);
  yield* pagetable_free(table);
}

/**
 * The PTE of `address`, its table allocated if need be and locked; 0, and nothing locked, if a leaf stands above.
 * Linux: mm/memory.c __get_locked_pte, walk_to_pmd (7.2).
 */
export function* get_locked_pte(mm: MmId, address: Vaddr): Op<PteSlot> {
  const pud = yield* pud_alloc(mm, address);
  const pmd = yield* pmd_alloc(mm, pud, address);
  yield* pte_alloc(pmd);
  return yield* pte_offset_map_lock(pmd, address);
}
