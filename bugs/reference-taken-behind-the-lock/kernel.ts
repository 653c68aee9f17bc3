import { FOLL_GET } from '../../src/kernel/common/include/gup_flags.ts';
import { folio_get, page_folio } from '../../src/kernel/common/include/mm.ts';
import { pte_unmap_unlock } from '../../src/kernel/common/include/page_table_lock.ts';
import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import { follow_locked_pte } from '../../src/kernel/common/mm/gup/follow.ts';
import { pte_offset_map_lock } from '../../src/kernel/common/mm/pgtable-generic.ts';
import type { Pfn, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of follow_page_pte: of a plain reference, it remembers the page and counts it later. */
export function* follow_page_pte__gets_behind_the_lock(
  pmdp: PmdSlot,
  address: Vaddr,
  flags: number,
): Op<Pfn> {
  const ptep = yield* pte_offset_map_lock(pmdp, address);
  if (ptep === 0) return NO_PAGE;
  const pfn = yield* follow_locked_pte(ptep, flags & ~FOLL_GET);
  yield* pte_unmap_unlock(ptep);
  if (pfn >= 0 && flags & FOLL_GET) yield* folio_get(yield* page_folio(pfn));
  return pfn;
}
