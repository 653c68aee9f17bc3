import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import {
  pte_access_permitted,
  pte_protnone,
  pte_special,
} from '../../../common/arch/x86/include/asm/pgtable.ts';
import { FOLL_LONGTERM, FOLL_WRITE } from '../../../common/include/gup_flags.ts';
import { entry_pfn } from '../../../common/include/pgtable_types.ts';
import { pte_offset } from '../../../common/include/pgtable_walk.ts';
import {
  gup_fast_pmd_pages,
  gup_fast_pte_page,
  gup_fast_pud_pages,
} from '../../../common/mm/gup/fast_leaf.ts';
import { gup_pages_number } from '../../../common/mm/gup/pages.ts';
import { put_dev_pagemap } from '../../../common/mm/memremap.ts';
import type { Entry, PmdSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pte_table } from '../../../state/pgtable.ts';
import { pte_devmap } from '../../include/pgtable.ts';
import { get_dev_pagemap_cached } from '../memremap.ts';
import {
  gup_fast_devmap_pmd_leaf,
  gup_fast_devmap_pud_leaf,
  gup_fast_undo_dev_pagemap,
} from './devmap_leaf.ts';

/**
 * Takes the pages of `[start, end)` in one PTE table: 1, or 0 where the rest is for the slow path.
 * Linux: mm/gup.c gup_fast_pte_range (6.12).
 */
export function* gup_fast_pte_range(
  pmd: Entry,
  pmdp: PmdSlot,
  start: Vaddr,
  end: Vaddr,
  flags: number,
): Op<number> {
  const nr_start = yield* gup_pages_number();
  const first = pte_offset(pmd, start);
  let pgmap = 0;
  let ret = 1;
  for (let ptep = first; ret && ptep < first + end - start; ptep++) {
    const pte = yield* load(pte_table.entry, ptep);
    ret = 0;
    if (pte_protnone(pte)) break;
    if (!pte_access_permitted(pte, flags & FOLL_WRITE)) break;
    if (pte_devmap(pte)) {
      if (flags & FOLL_LONGTERM) break;
      pgmap = yield* get_dev_pagemap_cached(entry_pfn(pte), pgmap);
      if (!pgmap) {
        yield* gup_fast_undo_dev_pagemap(nr_start, flags);
        break;
      }
    } else if (pte_special(pte)) break;
    ret = yield* gup_fast_pte_page(pmd, pmdp, pte, ptep, flags);
  }
  yield* put_dev_pagemap(pgmap);
  return ret;
}

/**
 * Takes the pages `[start, end)` of a PMD leaf: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_pmd_leaf (6.12).
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
  if (pte_devmap(orig)) {
    if (flags & FOLL_LONGTERM) return 0;
    return yield* gup_fast_devmap_pmd_leaf(orig, pmdp, start, end, flags);
  }
  return yield* gup_fast_pmd_pages(orig, pmdp, start, end, flags);
}

/**
 * Takes the pages `[start, end)` of a PUD leaf: 1, or 0 with nothing taken.
 * Linux: mm/gup.c gup_fast_pud_leaf (6.12).
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
  if (pte_devmap(orig)) {
    if (flags & FOLL_LONGTERM) return 0;
    return yield* gup_fast_devmap_pud_leaf(orig, pudp, start, end, flags);
  }
  return yield* gup_fast_pud_pages(orig, pudp, start, end, flags);
}
