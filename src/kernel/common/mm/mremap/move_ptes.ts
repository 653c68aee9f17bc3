import type { Op } from '../../../../machine/primitive.ts';
import { load, store, xchg } from '../../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../../machine/primitives/locks.ts';
import type { MmId, PmdSlot, PteSlot, Vaddr } from '../../../state/numbers.ts';
import { ptdesc, pte_table } from '../../../state/pgtable.ts';
import { pte_mksoft_dirty, pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../../arch/x86/mm/tlb.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { table_of_slot } from '../../include/pgtable_types.ts';
import { pte_offset_map, pte_offset_map_lock } from '../pgtable-generic.ts';

/**
 * Moves `extent` PTEs from one table to another (or within one). Both locks are held until the old addresses are flushed:
 * who then finds an entry at the new address knows that nobody uses the old one. 0 if the old table was gone.
 * Linux: mm/mremap.c move_ptes (7.2). Left out: batches of PTEs of one folio, userfaultfd.
 */
export function* move_ptes(
  mm: MmId,
  pmd: PmdSlot,
  new_pmd: PmdSlot,
  address: Vaddr,
  new_address: Vaddr,
  extent: number,
): Op<number> {
  const first = yield* pte_offset_map_lock(pmd, address);
  if (first === 0) return 0;
  const new_first = yield* pte_offset_map(new_pmd, new_address);
  const new_table = table_of_slot(new_first);
  if (new_table !== table_of_slot(first)) yield* spin_lock(ptdesc.ptl, new_table);
  const moved = yield* move_ptes_locked(first, new_first, extent);
  if (moved) yield* flush_tlb_mm_range(mm, address, address + extent);
  if (new_table !== table_of_slot(first)) yield* spin_unlock(ptdesc.ptl, new_table);
  yield* pte_unmap_unlock(first);
  return 1;
}

/**
 * The part of move_ptes under both locks; 1 if a translation has to be flushed.
 * Linux: mm/mremap.c move_ptes, move_soft_dirty_pte (7.2). To who watches soft-dirty bits, a move is a write.
 */
export function* move_ptes_locked(first: PteSlot, new_first: PteSlot, extent: number): Op<number> {
  let moved = 0;
  for (let i = 0; i < extent; i++) {
    if (pte_none(yield* load(pte_table.entry, first + i))) continue;
    const entry = yield* xchg(pte_table.entry, first + i, 0);
    yield* store(pte_table.entry, new_first + i, pte_mksoft_dirty(entry));
    moved = 1;
  }
  return moved;
}
