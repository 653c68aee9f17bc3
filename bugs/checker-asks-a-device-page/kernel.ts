import { folio_test_anon } from '../../src/kernel/common/include/anon_page.ts';
import { is_frame_of_zeros } from '../../src/kernel/common/include/zero_page.ts';
import { insert_pfn } from '../../src/kernel/devmap/mm/memory.ts';
import type { Pfn, Vaddr, VmaId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { WARN_ON_ONCE } from '../../src/machine/primitives/own.ts';

/** Comes in front of insert_pfn: the checker (CONFIG_PAGE_TABLE_CHECK) wants to count, and only ordinary memory has a page_ext. */
export function* insert_pfn__checked(vma: VmaId, address: Vaddr, pfn: Pfn, mkwrite: number): Op<number> {
  const ordinary = folio_test_anon(pfn) || is_frame_of_zeros(pfn);
  WARN_ON_ONCE(!ordinary, 'page_table_check_set: the page has no page_ext');
  return yield* insert_pfn(vma, address, pfn, mkwrite);
}
