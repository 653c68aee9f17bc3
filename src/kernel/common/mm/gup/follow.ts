import { PageAnon } from '#scheme/include/page-flags.ts';
import { follow_huge_pud, follow_pmd_mask, gup_normal_page } from '#scheme/mm/gup/follow.ts';
import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { put } from '../../../../machine/primitives/own.ts';
import { follow_page_context } from '../../../state/gup.ts';
import { mm_struct } from '../../../state/mm.ts';
import type { Entry, MmId, Pfn, PmdSlot, PteSlot, Vaddr } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pte_table, pud_table } from '../../../state/pgtable.ts';
import {
  pmd_leaf,
  pmd_present,
  pte_none,
  pte_present,
  pte_write,
} from '../../arch/x86/include/asm/pgtable.ts';
import { folio_test_anon, PageAnonExclusive } from '../../include/anon_page.ts';
import { EEXIST, EMLINK } from '../../include/errno.ts';
import { FOLL_FORCE, FOLL_PIN, FOLL_TOUCH, FOLL_WRITE } from '../../include/gup_flags.ts';
import { page_folio } from '../../include/mm.ts';
import {
  pmd_lock,
  pmd_unlock,
  pte_unmap_unlock,
  pud_lock,
  pud_unlock,
} from '../../include/page_table_lock.ts';
import { _PAGE_PRESENT, entry_pfn, HPAGE_PMD_NR, pgd_slot } from '../../include/pgtable_types.ts';
import { pud_offset } from '../../include/pgtable_walk.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';
import { try_grab_folio } from './grab.ts';
import { follow_pfn_pte, touch_pmd, touch_pte_folio } from './touch.ts';

/*
 * The slow path's walk. It answers a page, grabbed as the flags say; NO_PAGE if a fault has to come first; or a
 * negative errno. -EMLINK if the fault has to unshare what is there. Left out throughout: NUMA hints.
 */

/**
 * Walks to the page of an address, under mmap_lock.
 * Linux: mm/gup.c follow_page_mask (7.2).
 */
export function* follow_page_mask(mm: MmId, address: Vaddr, flags: number): Op<Pfn> {
  put(follow_page_context.page_mask, 0, 0);
  const pgd = yield* load(pgd_table.entry, pgd_slot(yield* load(mm_struct.pgd, mm), address));
  if (pte_none(pgd)) return NO_PAGE;
  return yield* follow_pud_mask(mm, pgd, address, flags);
}

/**
 * The page of an address below a PGD entry.
 * Linux: mm/gup.c follow_pud_mask, follow_p4d_mask (7.2); that level is folded.
 */
export function* follow_pud_mask(mm: MmId, pgd: Entry, address: Vaddr, flags: number): Op<Pfn> {
  const pudp = pud_offset(pgd, address);
  const pud = yield* load(pud_table.entry, pudp);
  if ((pud & _PAGE_PRESENT) === 0) return NO_PAGE;
  if (!pmd_leaf(pud)) return yield* follow_pmd_mask(pud, address, flags);
  yield* pud_lock(mm);
  const pfn = yield* follow_huge_pud(pudp, address, flags);
  yield* pud_unlock(mm);
  return pfn;
}

/**
 * The page of an address below a present PMD entry that was read as `pmd`.
 * Linux: mm/gup.c follow_pmd_mask (7.2), from its test of pmd_leaf on.
 */
export function* follow_present_pmd(pmdp: PmdSlot, pmd: Entry, address: Vaddr, flags: number): Op<Pfn> {
  if (!pmd_leaf(pmd)) return yield* follow_page_pte(pmdp, address, flags);
  yield* pmd_lock(pmdp);
  const locked = yield* load(pmd_table.entry, pmdp);
  if (pmd_leaf(locked)) {
    const pfn = yield* follow_huge_pmd(locked, pmdp, address, flags);
    yield* pmd_unlock(pmdp);
    return pfn;
  }
  yield* pmd_unlock(pmdp);
  return pmd_present(locked) ? yield* follow_page_pte(pmdp, address, flags) : NO_PAGE;
}

/**
 * The page of an address in a PMD leaf, under its lock.
 * Linux: mm/gup.c follow_huge_pmd (7.2).
 */
export function* follow_huge_pmd(pmd: Entry, pmdp: PmdSlot, address: Vaddr, flags: number): Op<Pfn> {
  if (flags & FOLL_WRITE && !pte_write(pmd)) return NO_PAGE;
  const error = yield* grab_huge_page(entry_pfn(pmd), HPAGE_PMD_NR, flags);
  if (error) return error;
  if (flags & FOLL_TOUCH) yield* touch_pmd(pmdp, flags & FOLL_WRITE);
  return entry_pfn(pmd) + (address % HPAGE_PMD_NR);
}

/**
 * Grabs one page of a leaf of `nr` pages, and lets the caller take those behind it without another walk; 0 or -ENOMEM.
 * Linux: mm/gup.c follow_huge_pmd, follow_huge_pud (7.2), what they share.
 */
export function* grab_huge_page(pfn: Pfn, nr: number, flags: number): Op<number> {
  const error = yield* try_grab_folio(yield* page_folio(pfn), 1, flags);
  if (!error) put(follow_page_context.page_mask, 0, nr - 1);
  return error;
}

/**
 * The page of an address in a table of PTEs.
 * Linux: mm/gup.c follow_page_pte (7.2).
 */
export function* follow_page_pte(pmdp: PmdSlot, address: Vaddr, flags: number): Op<Pfn> {
  const ptep = yield* pte_offset_map_lock(pmdp, address);
  if (ptep === 0) return NO_PAGE;
  const pfn = yield* follow_locked_pte(ptep, flags);
  yield* pte_unmap_unlock(ptep);
  return pfn;
}

/**
 * The page of a PTE, under its lock.
 * Linux: mm/gup.c follow_page_pte (7.2), between its lock and unlock.
 */
export function* follow_locked_pte(ptep: PteSlot, flags: number): Op<Pfn> {
  const pte = yield* load(pte_table.entry, ptep);
  if (!pte_present(pte)) return NO_PAGE;
  if (flags & FOLL_WRITE && !(yield* can_follow_write_pte(pte, flags))) return NO_PAGE;
  const pfn = yield* gup_normal_page(pte, flags);
  if (pfn === -EEXIST) return yield* follow_pfn_pte(ptep, pte, flags);
  if (pfn === NO_PAGE) return NO_PAGE;
  if (!pte_write(pte) && (yield* PageAnon(pfn)) && (yield* gup_must_unshare_anon(pfn, flags))) return -EMLINK;
  const folio = yield* page_folio(pfn);
  const error = yield* try_grab_folio(folio, 1, flags);
  if (error) return error;
  yield* touch_pte_folio(folio, pte, flags);
  return pfn;
}

/**
 * 1 if a write may go through an entry: it allows that, or what it maps is a private copy that nobody else has, and the caller
 * forces its way. A mapping that lacks the permission never gets an entry that allows it.
 * Linux: mm/gup.c can_follow_write_pte, can_follow_write_common (7.2). Left out: tracking of soft-dirty pages, userfaultfd;
 * a look at the VMA, since in one with the permission such an entry is writable or shared.
 */
export function* can_follow_write_pte(pte: Entry, flags: number): Op<number> {
  if (pte_write(pte)) return 1;
  if ((flags & FOLL_FORCE) === 0) return 0;
  const pfn = vm_normal_page(pte);
  return pfn !== NO_PAGE && folio_test_anon(pfn) ? yield* PageAnonExclusive(pfn) : 0;
}

/**
 * 1 if a pin for reading has to get a private copy of its own first, because a write by whoever shares the page would leave
 * the pin behind.
 * Linux: mm/internal.h gup_must_unshare (7.2), for anonymous pages.
 */
export function* gup_must_unshare_anon(pfn: Pfn, flags: number): Op<number> {
  if ((flags & (FOLL_WRITE | FOLL_PIN)) !== FOLL_PIN) return 0;
  return (yield* PageAnonExclusive(pfn)) ? 0 : 1;
}
