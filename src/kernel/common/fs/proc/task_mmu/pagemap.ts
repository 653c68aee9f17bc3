import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../../machine/primitive.ts';
import { load } from '../../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../../machine/primitives/bytes.ts';
import { div } from '../../../../../machine/primitives/own.ts';
import type { MmId, Pfn, PmdSlot, Vaddr } from '../../../../state/numbers.ts';
import { pmd_table, pte_table } from '../../../../state/pgtable.ts';
import { pmd_present, pte_present } from '../../../arch/x86/include/asm/pgtable.ts';
import { pmd_trans_huge_lock } from '../../../include/huge_mm.ts';
import { page_folio } from '../../../include/mm.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../include/mmap_lock.ts';
import { pmd_unlock, pte_unmap_unlock } from '../../../include/page_table_lock.ts';
import { entry_pfn, HPAGE_PMD_NR } from '../../../include/pgtable_types.ts';
import { NO_PAGE } from '../../../include/vm_normal_page.ts';
import { pmd_off, walk_page_range } from '../../../mm/pagewalk.ts';
import { pte_offset_map_lock } from '../../../mm/pgtable-generic.ts';

/** What pagemap_read answers where nothing is mapped. */
export const PAGEMAP_NOT_PRESENT = -1;

/**
 * The frame that /proc/PID/pagemap shows for an address in bytes, or -1 if none is mapped there.
 * Linux: fs/proc/task_mmu.c pagemap_read (7.2). Left out: its flags.
 */
export function* pagemap_read(mm: MmId, address_bytes: number): Op<number> {
  const address = div(address_bytes, PAGE_SIZE);
  yield* mmap_read_lock(mm);
  const walked = yield* walk_page_range(mm, address, address + 1);
  const frame =
    walked === address ? yield* pagemap_pmd_range(yield* pmd_off(mm, address), address) : PAGEMAP_NOT_PRESENT;
  yield* mmap_read_unlock(mm);
  return frame;
}

/**
 * The frame of one address below a PMD entry. The walk looks at the struct page of what it finds, where it finds one.
 * Linux: fs/proc/task_mmu.c pagemap_pmd_range, pagemap_pmd_range_thp, pte_to_pagemap_entry (7.2).
 */
export function* pagemap_pmd_range(pmd: PmdSlot, address: Vaddr): Op<number> {
  if (yield* pmd_trans_huge_lock(pmd)) {
    const entry = yield* load(pmd_table.entry, pmd);
    if (pmd_present(entry)) yield* page_folio(entry_pfn(entry));
    yield* pmd_unlock(pmd);
    return pmd_present(entry) ? entry_pfn(entry) + (address % HPAGE_PMD_NR) : PAGEMAP_NOT_PRESENT;
  }
  const pte = yield* pte_offset_map_lock(pmd, address);
  if (pte === 0) return PAGEMAP_NOT_PRESENT;
  const entry = yield* load(pte_table.entry, pte);
  const page: Pfn = pte_present(entry) ? vm_normal_page(entry) : NO_PAGE;
  if (page !== NO_PAGE) yield* page_folio(page);
  yield* pte_unmap_unlock(pte);
  return pte_present(entry) ? entry_pfn(entry) : PAGEMAP_NOT_PRESENT;
}
