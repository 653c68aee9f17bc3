import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import {
  pte_access_permitted,
  pte_protnone,
  pte_special,
} from '../../../common/arch/x86/include/asm/pgtable.ts';
import { FOLL_WRITE } from '../../../common/include/gup_flags.ts';
import { pte_offset } from '../../../common/include/pgtable_walk.ts';
import {
  gup_fast_pmd_pages,
  gup_fast_pte_page,
  gup_fast_pud_pages,
} from '../../../common/mm/gup/fast_leaf.ts';
import type { Entry, PmdSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pte_table } from '../../../state/pgtable.ts';

/**
 * Takes the pages of `[start, end)` in one PTE table: 1, or 0 where the rest is for the slow path.
 * Linux: mm/gup.c gup_fast_pte_range (7.2).
 */
export function* gup_fast_pte_range(
  pmd: Entry,
  pmdp: PmdSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  const first = pte_offset(pmd, start);
  for (let ptep = first; ptep < first + end - start; ptep++) {
    const pte = yield* load(pte_table.entry, ptep);
    if (pte_protnone(pte)) return 0;
    if (!pte_access_permitted(pte, flags & FOLL_WRITE)) return 0;
    if (pte_special(pte)) return 0;
    if (!(yield* gup_fast_pte_page(pmd, pmdp, pte, ptep, flags))) return 0;
  }
  return 1;
}

/**
 * Takes the pages `[start, end)` of a PMD leaf: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_pmd_leaf (7.2).
 */
export function* gup_fast_pmd_leaf(
  orig: Entry,
  pmdp: PmdSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  if (!pte_access_permitted(orig, flags & FOLL_WRITE)) return 0;
  if (pte_special(orig)) return 0;
  return yield* gup_fast_pmd_pages(orig, pmdp, start, end, flags);
}

/**
 * Takes the pages `[start, end)` of a PUD leaf: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_pud_leaf (7.2).
 */
export function* gup_fast_pud_leaf(
  orig: Entry,
  pudp: PudSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  if (!pte_access_permitted(orig, flags & FOLL_WRITE)) return 0;
  if (pte_special(orig)) return 0;
  return yield* gup_fast_pud_pages(orig, pudp, start, end, flags);
}
