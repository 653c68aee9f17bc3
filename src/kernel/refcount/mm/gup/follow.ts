import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { pmd_present, pte_write } from '../../../common/arch/x86/include/asm/pgtable.ts';
import { EEXIST } from '../../../common/include/errno.ts';
import { FOLL_WRITE } from '../../../common/include/gup_flags.ts';
import { _PAGE_PRESENT, entry_pfn, HPAGE_PUD_NR } from '../../../common/include/pgtable_types.ts';
import { pmd_offset } from '../../../common/include/pgtable_walk.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import { is_zero_pfn } from '../../../common/include/zero_page.ts';
import { follow_present_pmd, grab_huge_page } from '../../../common/mm/gup/follow.ts';
import type { Entry, Pfn, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pmd_table, pud_table } from '../../../state/pgtable.ts';
import { vm_normal_page } from '../memory.ts';

/**
 * The page that a PTE maps, for GUP to grab; the zero page, if it maps that; -EEXIST if it maps none that the kernel
 * counts.
 * Linux: mm/gup.c follow_page_pte (7.2), from vm_normal_page to page_folio.
 */
export function* gup_normal_page(pte: Entry, _flags: number): Op<Pfn> {
  const pfn = vm_normal_page(pte);
  if (pfn !== NO_PAGE) return pfn;
  return is_zero_pfn(entry_pfn(pte)) ? entry_pfn(pte) : -EEXIST;
}

/**
 * The page of an address below a PUD entry.
 * Linux: mm/gup.c follow_pmd_mask (7.2).
 */
export function* follow_pmd_mask(pud: Entry, address: Vaddr, flags: number): Op<Pfn> {
  const pmdp = pmd_offset(pud, address);
  const pmd = yield* load(pmd_table.entry, pmdp);
  if (!pmd_present(pmd)) return NO_PAGE;
  return yield* follow_present_pmd(pmdp, pmd, address, flags);
}

/**
 * The page of an address in a PUD leaf, under its lock.
 * Linux: mm/gup.c follow_huge_pud (7.2).
 */
export function* follow_huge_pud(pudp: PudSlot, address: Vaddr, flags: number): Op<Pfn> {
  const pud = yield* load(pud_table.entry, pudp);
  if (flags & FOLL_WRITE && !pte_write(pud)) return NO_PAGE;
  if ((pud & _PAGE_PRESENT) === 0) return NO_PAGE;
  const pfn = entry_pfn(pud) + (address % HPAGE_PUD_NR);
  const error = yield* grab_huge_page(pfn, HPAGE_PUD_NR, flags);
  return error ? error : pfn;
}
