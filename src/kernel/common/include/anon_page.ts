import type { Op } from '../../../machine/primitive.ts';
import { atomic_andnot, atomic_or, load } from '../../../machine/primitives/access.ts';
import { ANON_END_PFN, ANON_FIRST_PFN, PG_anon_exclusive } from '../../state/anon_page.ts';
import type { Pfn } from '../../state/numbers.ts';
import { page } from '../../state/page.ts';
import { CONFIG_FS_DAX } from './config.ts';

/** Whether a page is a private copy, which belongs to no file. Linux: include/linux/page-flags.h folio_test_anon (7.2). */
export function folio_test_anon(folio: Pfn): boolean {
  return CONFIG_FS_DAX !== 0 && folio >= ANON_FIRST_PFN && folio < ANON_END_PFN;
}

/** 1 if no other process can have a private copy mapped. Linux: include/linux/page-flags.h PageAnonExclusive (7.2). */
export function* PageAnonExclusive(pfn: Pfn): Op<number> {
  return (yield* load(page.flags, pfn)) & PG_anon_exclusive ? 1 : 0;
}

/** Linux: include/linux/page-flags.h SetPageAnonExclusive (7.2). */
export function* SetPageAnonExclusive(pfn: Pfn): Op {
  yield* atomic_or(page.flags, pfn, PG_anon_exclusive);
}

/** Linux: include/linux/page-flags.h ClearPageAnonExclusive (7.2). */
export function* ClearPageAnonExclusive(pfn: Pfn): Op {
  yield* atomic_andnot(page.flags, pfn, PG_anon_exclusive);
}
