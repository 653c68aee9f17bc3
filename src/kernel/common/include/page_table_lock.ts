import type { Op } from '../../../machine/primitive.ts';
import { spin_lock, spin_unlock } from '../../../machine/primitives/locks.ts';
import { mm_struct } from '../../state/mm.ts';
import type { MmId, PmdSlot, PteSlot } from '../../state/numbers.ts';
import { ptdesc } from '../../state/pgtable.ts';
import { table_of_slot } from './pgtable_types.ts';

/*
 * Page-table locks (PTL): a PTE or PMD entry is changed under the lock of the table that it lies in, a PUD or PGD
 * entry under that of the address space.
 */

/** Linux: include/linux/mm.h pmd_lock (7.2). */
export function* pmd_lock(pmd: PmdSlot): Op {
  yield* spin_lock(ptdesc.ptl, table_of_slot(pmd));
}

export function* pmd_unlock(pmd: PmdSlot): Op {
  yield* spin_unlock(ptdesc.ptl, table_of_slot(pmd));
}

/** Linux: include/linux/mm.h pud_lock (7.2). */
export function* pud_lock(mm: MmId): Op {
  yield* spin_lock(mm_struct.page_table_lock, mm);
}

export function* pud_unlock(mm: MmId): Op {
  yield* spin_unlock(mm_struct.page_table_lock, mm);
}

/** Ends what pte_offset_map_lock began. Linux: include/linux/mm.h pte_unmap_unlock (7.2). */
export function* pte_unmap_unlock(pte: PteSlot): Op {
  yield* spin_unlock(ptdesc.ptl, table_of_slot(pte));
}
