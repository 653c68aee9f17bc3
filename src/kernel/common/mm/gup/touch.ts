import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import type { Entry, Pfn, PmdSlot, PteSlot, PudSlot } from '../../../state/numbers.ts';
import { pmd_table, pte_table, pud_table } from '../../../state/pgtable.ts';
import { pte_dirty } from '../../arch/x86/include/asm/pgtable.ts';
import { pmdp_set_access_flags, pudp_set_access_flags } from '../../arch/x86/mm/pgtable.ts';
import { EEXIST } from '../../include/errno.ts';
import { FOLL_TOUCH, FOLL_WRITE } from '../../include/gup_flags.ts';
import { touched_entry } from '../huge_memory.ts';
import { folio_mark_dirty } from '../page-writeback.ts';
import { folio_mark_accessed } from '../swap.ts';

/*
 * FOLL_TOUCH: GUP leaves the traces that an access by the processor would.
 */

/**
 * Marks the folio behind a PTE that GUP went through. The entry's own bits stay: nobody but the processor may set
 * them without care for the other's.
 * Linux: mm/gup.c follow_page_pte (7.2), its FOLL_TOUCH.
 */
export function* touch_pte_folio(folio: Pfn, pte: Entry, flags: number): Op {
  if (!(flags & FOLL_TOUCH)) return;
  if (flags & FOLL_WRITE && !pte_dirty(pte)) yield* folio_mark_dirty(folio);
  yield* folio_mark_accessed(folio);
}

/**
 * The answer to a PTE without a page that the kernel counts: -EEXIST. This entry nobody else updates.
 * Linux: mm/gup.c follow_pfn_pte (7.2).
 */
export function* follow_pfn_pte(ptep: PteSlot, pte: Entry, flags: number): Op<number> {
  const touched = touched_entry(pte, flags & FOLL_WRITE);
  if (flags & FOLL_TOUCH && touched !== pte) yield* store(pte_table.entry, ptep, touched);
  return -EEXIST;
}

/**
 * Notes an access in a PMD leaf, under its lock.
 * Linux: mm/huge_memory.c touch_pmd (7.2).
 */
export function* touch_pmd(pmd: PmdSlot, write: number): Op {
  const entry = yield* load(pmd_table.entry, pmd);
  yield* pmdp_set_access_flags(pmd, entry, touched_entry(entry, write), write);
}

/**
 * Notes an access in a PUD leaf, under its lock.
 * Linux: mm/huge_memory.c touch_pud (7.2).
 */
export function* touch_pud(pud: PudSlot, write: number): Op {
  const entry = yield* load(pud_table.entry, pud);
  yield* pudp_set_access_flags(pud, entry, touched_entry(entry, write), write);
}
