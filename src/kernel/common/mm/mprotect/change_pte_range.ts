import { pte_modify } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store, xchg } from '../../../../machine/primitives/access.ts';
import type { Entry, PmdSlot, Vaddr } from '../../../state/numbers.ts';
import { pte_table } from '../../../state/pgtable.ts';
import { pte_present } from '../../arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../arch/x86/mm/pgprot.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_NX,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_RW,
  _PAGE_USER,
} from '../../include/pgtable_types.ts';
import { tlb_remove_tlb_entries } from '../mmu_gather.ts';
import { pte_offset_map_lock } from '../pgtable-generic.ts';
import { pte_upgraded } from './change_writable.ts';

/**
 * Gives the PTEs of `[start, end)`, all in one table, the permissions that follow from `vm_flags`; 0 if the table was gone.
 * Linux: mm/mprotect.c change_pte_range (7.2). Left out: batches of PTEs of one folio, entries that are not present.
 */
export function* change_pte_range(pmd: PmdSlot, start: Vaddr, end: Vaddr, vm_flags: number): Op<number> {
  const first = yield* pte_offset_map_lock(pmd, start);
  if (first === 0) return 0;
  for (let at = start; at < end; at++) {
    const pte = first + at - start;
    if (!pte_present(yield* load(pte_table.entry, pte))) continue;
    const oldpte = yield* xchg(pte_table.entry, pte, 0);
    const ptent = yield* pte_upgraded(pte_modify(oldpte, vm_page_prot(vm_flags)), vm_flags);
    yield* store(pte_table.entry, pte, ptent);
    if (pte_needs_flush(oldpte, ptent)) yield* tlb_remove_tlb_entries(at, 1);
  }
  yield* pte_unmap_unlock(first);
  return 1;
}

/** Whether a TLB may hold what the new entry forbids. Linux: arch/x86/include/asm/tlbflush.h pte_needs_flush (7.2). */
export function pte_needs_flush(oldpte: Entry, newpte: Entry): boolean {
  return pte_flags_need_flush(oldpte, newpte, _PAGE_DIRTY | _PAGE_PRESENT);
}

/** The same of a PMD leaf, whose accessed bit counts too. Linux: arch/x86/include/asm/tlbflush.h huge_pmd_needs_flush (7.2). */
export function huge_pmd_needs_flush(oldpmd: Entry, newpmd: Entry): boolean {
  return pte_flags_need_flush(oldpmd, newpmd, _PAGE_DIRTY | _PAGE_PRESENT | _PAGE_ACCESSED);
}

/** Linux: arch/x86/include/asm/tlbflush.h pte_flags_need_flush (7.2). `flush_on_clear` are the flags that matter when they go. */
export function pte_flags_need_flush(before: Entry, after: Entry, flush_on_clear: number): boolean {
  return (
    (before & _PAGE_PRESENT) !== 0 &&
    ((before & ~after & flush_on_clear) !== 0 ||
      ((before ^ after) & (_PAGE_RW | _PAGE_USER | _PAGE_PSE | _PAGE_PROTNONE | _PAGE_NX)) !== 0)
  );
}
