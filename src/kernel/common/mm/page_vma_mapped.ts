import { pmd_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { max, min } from '../../../machine/primitives/own.ts';
import { mm_struct, vm_area_struct } from '../../state/mm.ts';
import type { Entry, MmId, Pfn, PmdSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pgd_table, pud_table } from '../../state/pgtable.ts';
import { pmd_present, pte_present } from '../arch/x86/include/asm/pgtable.ts';
import { entry_pfn, pgd_slot } from '../include/pgtable_types.ts';
import { pmd_offset, pud_offset } from '../include/pgtable_walk.ts';

/*
 * From pages of a file to the entries of a VMA that map them. Linux's walk (page_vma_mapped_walk) stops at each such entry;
 * here its caller goes through the range itself, which is no longer than what one PMD entry maps.
 */

/** Where a VMA has page `pgoff` of its file, or the first page behind it that it has. Linux: mm/internal.h vma_address (7.2). */
export function* vma_address(vma: VmaId, pgoff: number): Op<Vaddr> {
  const vm_pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  return (yield* load(vm_area_struct.vm_start, vma)) + max(pgoff - vm_pgoff, 0);
}

/** The address behind the last of `nr` pages from `pgoff` on that a VMA has. Linux: mm/internal.h vma_address_end (7.2). */
export function* vma_address_end(vma: VmaId, pgoff: number, nr: number): Op<Vaddr> {
  const vm_pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  const vm_start = yield* load(vm_area_struct.vm_start, vma);
  return min(vm_start + pgoff + nr - vm_pgoff, yield* load(vm_area_struct.vm_end, vma));
}

/**
 * The PMD entry of an address, or 0 if no table of them is there.
 * Linux: mm/page_vma_mapped.c page_vma_mapped_walk (7.2), its way down.
 */
export function* page_vma_pmd(mm: MmId, address: Vaddr): Op<PmdSlot> {
  const pgd = yield* load(mm_struct.pgd, mm);
  const p4d = yield* load(pgd_table.entry, pgd_slot(pgd, address));
  if (!pte_present(p4d)) return 0;
  const pud = yield* load(pud_table.entry, pud_offset(p4d, address));
  return pmd_present(pud) && !pmd_is_huge(pud) ? pmd_offset(pud, address) : 0;
}

/** Whether an entry of `pages` pages maps any of `nr` pages from `pfn` on. Linux: mm/page_vma_mapped.c check_pte, check_pmd (7.2). */
export function entry_maps_pages(entry: Entry, pages: number, pfn: Pfn, nr: number): boolean {
  return entry_pfn(entry) < pfn + nr && pfn < entry_pfn(entry) + pages;
}
