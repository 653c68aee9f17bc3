import { _HPAGE_CHG_MASK, pmd_modify } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { store } from '../../../../machine/primitives/access.ts';
import type { Entry, MmId, PmdSlot, PudSlot, Vaddr } from '../../../state/numbers.ts';
import { pmd_table, pud_table } from '../../../state/pgtable.ts';
import { change_protection_flags, settle_saveddirty } from '../../arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../arch/x86/mm/pgprot.ts';
import { __pmd_trans_huge_lock, __pud_trans_huge_lock } from '../../include/huge_mm.ts';
import { pmd_unlock, pud_unlock } from '../../include/page_table_lock.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR } from '../../include/pgtable_types.ts';
import { tlb_remove_tlb_entries } from '../mmu_gather.ts';
import { huge_pmd_needs_flush } from './change_pte_range.ts';
import { pmd_upgraded } from './change_writable.ts';
import { pmdp_invalidate_ad, pudp_invalidate } from './invalidate.ts';

/**
 * Gives a PMD leaf the permissions that follow from `vm_flags`; 0 if there is none any more. In between the leaf stays
 * visible as one, invalid, so that MADV_DONTNEED does not pass over it.
 * Linux: mm/huge_memory.c change_huge_pmd (7.2). Left out: NUMA hinting, migration entries.
 */
export function* change_huge_pmd(pmd: PmdSlot, address: Vaddr, vm_flags: number): Op<number> {
  if (!(yield* __pmd_trans_huge_lock(pmd))) return 0;
  const oldpmd = yield* pmdp_invalidate_ad(pmd);
  const entry = yield* pmd_upgraded(pmd_modify(oldpmd, vm_page_prot(vm_flags)), vm_flags);
  yield* store(pmd_table.entry, pmd, entry);
  if (huge_pmd_needs_flush(oldpmd, entry)) yield* tlb_remove_tlb_entries(address, HPAGE_PMD_NR);
  yield* pmd_unlock(pmd);
  return 1;
}

/**
 * Gives a PUD leaf the permissions that follow from `vm_flags`; 0 if there is none any more.
 * Linux: mm/huge_memory.c change_huge_pud (7.2).
 */
export function* change_huge_pud(mm: MmId, pud: PudSlot, address: Vaddr, vm_flags: number): Op<number> {
  if (!(yield* __pud_trans_huge_lock(mm, pud))) return 0;
  const oldpud = yield* pudp_invalidate(mm, pud, address);
  yield* store(pud_table.entry, pud, pud_modify(oldpud, vm_page_prot(vm_flags)));
  yield* tlb_remove_tlb_entries(address, HPAGE_PUD_NR);
  yield* pud_unlock(mm);
  return 1;
}

/** Linux: arch/x86/include/asm/pgtable.h pud_modify (7.2); in both releases it keeps the dirty bit. */
export function pud_modify(entry: Entry, newprot: number): Entry {
  return settle_saveddirty(change_protection_flags(entry, _HPAGE_CHG_MASK, newprot), entry);
}
