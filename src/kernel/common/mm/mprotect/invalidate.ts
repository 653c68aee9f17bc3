import type { Op } from '../../../../machine/primitive.ts';
import { load, xchg } from '../../../../machine/primitives/access.ts';
import type { Entry, MmId, PmdSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pmd_table, pud_table } from '../../../state/pgtable.ts';
import { flush_tlb_mm_range } from '../../arch/x86/mm/tlb.ts';
import {
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  entry_clear_flags,
  HPAGE_PMD_NR,
  HPAGE_PUD_NR,
} from '../../include/pgtable_types.ts';

/*
 * Changing a leaf in two steps: no processor can use it in between, yet walkers still see that a leaf is there.
 */

/** A leaf that no processor can use, but that is no empty entry either. Linux: arch/x86/include/asm/pgtable.h pmd_mkinvalid, pud_mkinvalid (7.2). */
export function pmd_mkinvalid(entry: Entry): Entry {
  return entry_clear_flags(entry, _PAGE_PRESENT | _PAGE_PROTNONE);
}

/**
 * Makes a PMD leaf invalid and returns what stood there. Not flushed: the processor sets no more bits in it.
 * Linux: arch/x86/mm/pgtable.c pmdp_invalidate_ad (7.2).
 */
export function* pmdp_invalidate_ad(pmd: PmdSlot): Op<Entry> {
  return yield* xchg(pmd_table.entry, pmd, pmd_mkinvalid(yield* load(pmd_table.entry, pmd)));
}

/**
 * Makes a PMD leaf invalid, flushes it, and returns what stood there.
 * Linux: mm/pgtable-generic.c pmdp_invalidate (7.2).
 */
export function* pmdp_invalidate(mm: MmId, pmd: PmdSlot, address: Vaddr): Op<Entry> {
  const entry = yield* pmdp_invalidate_ad(pmd);
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PMD_NR);
  return entry;
}

/**
 * The same of a PUD leaf.
 * Linux: arch/x86/mm/pgtable.c pudp_invalidate (7.2).
 */
export function* pudp_invalidate(mm: MmId, pud: PudSlot, address: Vaddr): Op<Entry> {
  const entry = yield* xchg(pud_table.entry, pud, pmd_mkinvalid(yield* load(pud_table.entry, pud)));
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PUD_NR);
  return entry;
}
