import type { Op } from '../../../machine/primitive.ts';
import { folio_test_anon } from '../../common/include/anon_page.ts';
import type { Pfn } from '../../state/numbers.ts';

/** 1 if a page is a private copy, which belongs to no file. Linux: include/linux/page-flags.h PageAnon (7.2). */
export function* PageAnon(pfn: Pfn): Op<number> {
  return folio_test_anon(pfn) ? 1 : 0;
}
