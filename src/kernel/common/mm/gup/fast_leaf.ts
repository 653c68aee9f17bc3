import { PageAnon } from '#scheme/include/page-flags.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { atomic_or, load } from '../../../../machine/primitives/access.ts';
import { PG_referenced } from '../../../state/memmap.ts';
import type { Entry, Pfn, PmdSlot, PteSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { pmd_table, pte_table, pud_table } from '../../../state/pgtable.ts';
import { pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { entry_pfn, HPAGE_PMD_NR, HPAGE_PUD_NR } from '../../include/pgtable_types.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { gup_must_unshare_anon } from './follow.ts';
import { gup_fast_folio_allowed, gup_must_unshare, gup_put_folio, try_grab_folio_fast } from './grab.ts';
import { gup_pages_add } from './pages.ts';

/*
 * What GUP-fast does at a leaf that it found without a lock. The order is the protection: take the reference, then look
 * whether the entry still stands. Who takes the entry away does it the other way round: clear it, flush, then look at
 * the count.
 */

/**
 * Whether a PTE, and the PMD entry above it, still are what the walk read before it took its reference.
 * Linux: mm/gup.c gup_fast_pte_range (7.2), its second look.
 */
export function* gup_fast_pte_recheck(pmdp: PmdSlot, pmd: Entry, ptep: PteSlot, pte: Entry): Op<number> {
  if ((yield* load(pmd_table.entry, pmdp)) !== pmd) return 0;
  return (yield* load(pte_table.entry, ptep)) === pte ? 1 : 0;
}

/**
 * Whether a PMD leaf still is what the walk read.
 * Linux: mm/gup.c gup_fast_pmd_leaf (7.2), its second look.
 */
export function* gup_fast_pmd_recheck(pmdp: PmdSlot, orig: Entry): Op<number> {
  return (yield* load(pmd_table.entry, pmdp)) === orig ? 1 : 0;
}

/**
 * Whether a PUD leaf still is what the walk read.
 * Linux: mm/gup.c gup_fast_pud_leaf (7.2), its second look.
 */
export function* gup_fast_pud_recheck(pudp: PudSlot, orig: Entry): Op<number> {
  return (yield* load(pud_table.entry, pudp)) === orig ? 1 : 0;
}

/**
 * Whether GUP-fast may keep a folio that it took through `entry`.
 * Linux: mm/gup.c gup_fast_pte_range, gup_fast_pmd_leaf, gup_fast_pud_leaf (7.2), their calls of
 * gup_fast_folio_allowed and gup_must_unshare.
 */
export function* gup_fast_may_keep(folio: Pfn, entry: Entry, flags: number): Op<number> {
  if (yield* PageAnon(folio))
    return pte_write(entry) || !(yield* gup_must_unshare_anon(folio, flags)) ? 1 : 0;
  if (!(yield* gup_fast_folio_allowed(folio, flags))) return 0;
  return pte_write(entry) || !gup_must_unshare(flags) ? 1 : 0;
}

/**
 * Gives back what was grabbed through an entry that has changed since, or that GUP-fast may not use.
 * Linux: mm/gup.c gup_fast_pte_range, gup_fast_pmd_leaf, gup_fast_pud_leaf (7.2), their calls of gup_put_folio.
 */
export function* gup_fast_undo_grab(folio: Pfn, refs: number, flags: number): Op {
  yield* gup_put_folio(folio, refs, flags);
}

/**
 * Notes that a folio was used.
 * Linux: include/linux/page-flags.h folio_set_referenced (7.2).
 */
export function* folio_set_referenced(folio: Pfn): Op {
  yield* atomic_or(page.flags, folio, PG_referenced);
}

/**
 * Takes the page of a PTE: 1, or 0 with nothing taken if the rest is for the slow path.
 * Linux: mm/gup.c gup_fast_pte_range (7.2), the body of its loop.
 */
export function* gup_fast_pte_page(
  pmd: Entry,
  pmdp: PmdSlot,
  pte: Entry,
  ptep: PteSlot,
  flags: number,
): Op<number> {
  const folio = yield* try_grab_folio_fast(entry_pfn(pte), 1, flags);
  if (folio === NO_PAGE) return 0;
  if (
    !(yield* gup_fast_pte_recheck(pmdp, pmd, ptep, pte)) ||
    !(yield* gup_fast_may_keep(folio, pte, flags))
  ) {
    yield* gup_fast_undo_grab(folio, 1, flags);
    return 0;
  }
  yield* folio_set_referenced(folio);
  yield* gup_pages_add(entry_pfn(pte), 1);
  return 1;
}

/**
 * Takes the pages `[start, end)` of a PMD leaf by one grab: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_pmd_leaf (7.2), what follows its tests of the entry.
 */
export function* gup_fast_pmd_pages(
  orig: Entry,
  pmdp: PmdSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  const pfn = entry_pfn(orig) + (start % HPAGE_PMD_NR);
  const folio = yield* try_grab_folio_fast(pfn, end - start, flags);
  if (folio === NO_PAGE) return 0;
  if (!(yield* gup_fast_pmd_recheck(pmdp, orig)) || !(yield* gup_fast_may_keep(folio, orig, flags))) {
    yield* gup_fast_undo_grab(folio, end - start, flags);
    return 0;
  }
  yield* gup_pages_add(pfn, end - start);
  yield* folio_set_referenced(folio);
  return 1;
}

/**
 * The same of a PUD leaf.
 * Linux: mm/gup.c gup_fast_pud_leaf (7.2), what follows its tests of the entry.
 */
export function* gup_fast_pud_pages(
  orig: Entry,
  pudp: PudSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  const pfn = entry_pfn(orig) + (start % HPAGE_PUD_NR);
  const folio = yield* try_grab_folio_fast(pfn, end - start, flags);
  if (folio === NO_PAGE) return 0;
  if (!(yield* gup_fast_pud_recheck(pudp, orig)) || !(yield* gup_fast_may_keep(folio, orig, flags))) {
    yield* gup_fast_undo_grab(folio, end - start, flags);
    return 0;
  }
  yield* gup_pages_add(pfn, end - start);
  yield* folio_set_referenced(folio);
  return 1;
}
