import { flush_tlb_mm_range } from '../../src/kernel/common/arch/x86/mm/tlb.ts';
import { pte_unmap_unlock } from '../../src/kernel/common/include/page_table_lock.ts';
import { table_of_slot } from '../../src/kernel/common/include/pgtable_types.ts';
import { move_ptes_locked } from '../../src/kernel/common/mm/mremap/move_ptes.ts';
import { pte_offset_map, pte_offset_map_lock } from '../../src/kernel/common/mm/pgtable-generic.ts';
import type { MmId, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import { ptdesc } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { spin_lock, spin_unlock } from '../../src/machine/primitives/locks.ts';

/** Takes the place of move_ptes: the flush comes behind the unlocks. */
export function* move_ptes__flushes_last(
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
  if (new_table !== table_of_slot(first)) yield* spin_unlock(ptdesc.ptl, new_table);
  yield* pte_unmap_unlock(first);
  if (moved) yield* flush_tlb_mm_range(mm, address, address + extent);
  return 1;
}
