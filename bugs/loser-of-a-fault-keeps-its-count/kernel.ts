import { pte_none } from '../../src/kernel/common/arch/x86/include/asm/pgtable.ts';
import { insert_page_counts, insert_page_into_pte_locked } from '../../src/kernel/refcount/mm/memory.ts';
import type { MmId, Pfn, PteSlot } from '../../src/kernel/state/numbers.ts';
import { pte_table } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';

/** Comes in front of insert_page_into_pte_locked: counts where an entry stands already, too. */
export function* insert_page_into_pte_locked__counts_always(
  mm: MmId,
  pte: PteSlot,
  folio: Pfn,
  pfn: Pfn,
  vm_flags: number,
  mkwrite: number,
): Op<number> {
  if (!pte_none(yield* load(pte_table.entry, pte))) yield* insert_page_counts(mm, folio, pfn);
  return yield* insert_page_into_pte_locked(mm, pte, folio, pfn, vm_flags, mkwrite);
}
