import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import type { MmId, PmdSlot, PudSlot } from '../../state/numbers.ts';
import { pmd_table, pud_table } from '../../state/pgtable.ts';
import { pmd_lock, pmd_unlock, pud_lock, pud_unlock } from './page_table_lock.ts';

/**
 * Locks a PMD entry if it is a leaf: 1 and locked, or 0 and not.
 * Linux: mm/huge_memory.c __pmd_trans_huge_lock (7.2).
 */
export function* __pmd_trans_huge_lock(pmd: PmdSlot): Op<number> {
  yield* pmd_lock(pmd);
  if (pmd_is_huge(yield* load(pmd_table.entry, pmd))) return 1;
  yield* pmd_unlock(pmd);
  return 0;
}

/**
 * The same after a first look without the lock, which spares it where there is no leaf.
 * Linux: include/linux/huge_mm.h pmd_trans_huge_lock (7.2).
 */
export function* pmd_trans_huge_lock(pmd: PmdSlot): Op<number> {
  if (!pmd_is_huge(yield* load(pmd_table.entry, pmd))) return 0;
  return yield* __pmd_trans_huge_lock(pmd);
}

/**
 * Locks a PUD entry if it is a leaf: 1 and locked, or 0 and not.
 * Linux: mm/huge_memory.c __pud_trans_huge_lock (7.2).
 */
export function* __pud_trans_huge_lock(mm: MmId, pud: PudSlot): Op<number> {
  yield* pud_lock(mm);
  if (pud_is_huge(yield* load(pud_table.entry, pud))) return 1;
  yield* pud_unlock(mm);
  return 0;
}
