import { entry_pfn } from '../../src/kernel/common/include/pgtable_types.ts';
import { follow_huge_pud } from '../../src/kernel/devmap/mm/gup/follow.ts';
import { follow_page_context } from '../../src/kernel/state/gup.ts';
import { xa_load_pgmap } from '../../src/kernel/state/memmap.ts';
import type { Pfn, PudSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import { pud_table } from '../../src/kernel/state/pgtable.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';
import { put } from '../../src/machine/primitives/own.ts';

/** Comes in front of follow_huge_pud: makes it believe that the walk holds the pgmap already. */
export function* follow_huge_pud__takes_no_pgmap(pudp: PudSlot, address: Vaddr, flags: number): Op<Pfn> {
  const pfn = entry_pfn(yield* load(pud_table.entry, pudp));
  put(follow_page_context.pgmap, 0, yield* xa_load_pgmap(pfn));
  return yield* follow_huge_pud(pudp, address, flags);
}
