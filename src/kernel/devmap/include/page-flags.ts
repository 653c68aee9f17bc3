import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { folio_test_anon } from '../../common/include/anon_page.ts';
import { CONFIG_FS_DAX } from '../../common/include/config.ts';
import { PAGE_MAPPING_DAX_SHARED } from '../../state/dax_folio.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';

/**
 * 1 if a page is a private copy, or one that several files have, whose mapping has the mark of private copies.
 * Linux: include/linux/page-flags.h PageAnon, PAGE_MAPPING_DAX_SHARED (6.12).
 */
export function* PageAnon(pfn: Pfn): Op<number> {
  if (CONFIG_FS_DAX === 0) return 0;
  if (folio_test_anon(pfn)) return 1;
  return (yield* load(page.mapping, pfn)) === PAGE_MAPPING_DAX_SHARED ? 1 : 0;
}
