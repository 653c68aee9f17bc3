import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { pmd_present, pte_write } from '../../../common/arch/x86/include/asm/pgtable.ts';
import { EEXIST, EFAULT } from '../../../common/include/errno.ts';
import { FOLL_GET, FOLL_PIN, FOLL_TOUCH, FOLL_WRITE } from '../../../common/include/gup_flags.ts';
import { page_folio } from '../../../common/include/mm.ts';
import { pmd_lock, pmd_unlock } from '../../../common/include/page_table_lock.ts';
import {
  _PAGE_PRESENT,
  entry_pfn,
  HPAGE_PMD_NR,
  HPAGE_PUD_NR,
} from '../../../common/include/pgtable_types.ts';
import { pmd_offset } from '../../../common/include/pgtable_walk.ts';
import { NO_PAGE } from '../../../common/include/vm_normal_page.ts';
import { is_zero_pfn } from '../../../common/include/zero_page.ts';
import { follow_present_pmd, grab_huge_page } from '../../../common/mm/gup/follow.ts';
import { try_grab_folio } from '../../../common/mm/gup/grab.ts';
import { touch_pmd, touch_pud } from '../../../common/mm/gup/touch.ts';
import type { Entry, Pfn, PmdSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pmd_table, pud_table } from '../../../state/pgtable.ts';
import { pte_devmap } from '../../include/pgtable.ts';
import { vm_normal_page } from '../memory.ts';
import { hold_dev_pagemap } from './slow.ts';

/**
 * The page that a PTE maps, for GUP to grab; the zero page, if it maps that; -EEXIST if it maps none that the kernel
 * counts. A devmap entry's page can
 * be had only with a hold on its pgmap; NO_PAGE if that is on its way out.
 * Linux: mm/gup.c follow_page_pte (6.12), from vm_normal_page to page_folio.
 */
export function* gup_normal_page(pte: Entry, flags: number): Op<Pfn> {
  const pfn = vm_normal_page(pte);
  if (pfn === NO_PAGE && pte_devmap(pte) && flags & (FOLL_GET | FOLL_PIN)) {
    return (yield* hold_dev_pagemap(entry_pfn(pte))) ? entry_pfn(pte) : NO_PAGE;
  }
  if (pfn !== NO_PAGE) return pfn;
  return is_zero_pfn(entry_pfn(pte)) ? entry_pfn(pte) : -EEXIST;
}

/**
 * The page of an address below a PUD entry.
 * Linux: mm/gup.c follow_pmd_mask (6.12).
 */
export function* follow_pmd_mask(pud: Entry, address: Vaddr, flags: number): Op<Pfn> {
  const pmdp = pmd_offset(pud, address);
  const pmd = yield* load(pmd_table.entry, pmdp);
  if (!pmd_present(pmd)) return NO_PAGE;
  if (pte_devmap(pmd)) {
    yield* pmd_lock(pmdp);
    const pfn = yield* follow_devmap_pmd(pmdp, address, flags);
    yield* pmd_unlock(pmdp);
    return pfn;
  }
  return yield* follow_present_pmd(pmdp, pmd, address, flags);
}

/**
 * The page of an address in a devmap PMD leaf, under its lock: one page a walk. -EEXIST unless the caller counts what
 * he gets, -EFAULT if the pgmap is on its way out.
 * Linux: mm/huge_memory.c follow_devmap_pmd (6.12).
 */
export function* follow_devmap_pmd(pmdp: PmdSlot, address: Vaddr, flags: number): Op<Pfn> {
  const pmd = yield* load(pmd_table.entry, pmdp);
  if (flags & FOLL_WRITE && !pte_write(pmd)) return NO_PAGE;
  if (!pmd_present(pmd) || !pte_devmap(pmd)) return NO_PAGE;
  if (flags & FOLL_TOUCH) yield* touch_pmd(pmdp, flags & FOLL_WRITE);
  if (!(flags & (FOLL_GET | FOLL_PIN))) return -EEXIST;
  const pfn = entry_pfn(pmd) + (address % HPAGE_PMD_NR);
  if (!(yield* hold_dev_pagemap(pfn))) return -EFAULT;
  const error = yield* try_grab_folio(yield* page_folio(pfn), 1, flags);
  return error ? error : pfn;
}

/**
 * The page of an address in a PUD leaf, under its lock; with devmap as follow_devmap_pmd.
 * Linux: mm/gup.c follow_huge_pud (6.12).
 */
export function* follow_huge_pud(pudp: PudSlot, address: Vaddr, flags: number): Op<Pfn> {
  const pud = yield* load(pud_table.entry, pudp);
  if (flags & FOLL_WRITE && !pte_write(pud)) return NO_PAGE;
  if ((pud & _PAGE_PRESENT) === 0) return NO_PAGE;
  const pfn = entry_pfn(pud) + (address % HPAGE_PUD_NR);
  if (pte_devmap(pud)) {
    if (!(flags & (FOLL_GET | FOLL_PIN))) return -EEXIST;
    if (flags & FOLL_TOUCH) yield* touch_pud(pudp, flags & FOLL_WRITE);
    if (!(yield* hold_dev_pagemap(pfn))) return -EFAULT;
  }
  const error = yield* grab_huge_page(pfn, HPAGE_PUD_NR, flags);
  return error ? error : pfn;
}
