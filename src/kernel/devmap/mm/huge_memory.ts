import type { Op } from '../../../machine/primitive.ts';
import { load, store, xchg } from '../../../machine/primitives/access.ts';
import { get } from '../../../machine/primitives/own.ts';
import { pte_mkdirty, pte_mkyoung, pte_none } from '../../common/arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../common/arch/x86/mm/pgprot.ts';
import { __pmd_trans_huge_lock, __pud_trans_huge_lock } from '../../common/include/huge_mm.ts';
import { maybe_mkwrite } from '../../common/include/maybe_mkwrite.ts';
import { pmd_lock, pmd_unlock, pud_lock, pud_unlock } from '../../common/include/page_table_lock.ts';
import { _PAGE_PSE, HPAGE_PMD_NR, HPAGE_PUD_NR, mk_entry } from '../../common/include/pgtable_types.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from '../../common/include/vm_fault.ts';
import { upgrade_pmd, upgrade_pud } from '../../common/mm/huge_memory.ts';
import { tlb_remove_tlb_entries } from '../../common/mm/mmu_gather.ts';
import { pmdp_huge_clear_flush, pudp_huge_clear_flush } from '../../common/mm/pgtable-generic.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { Entry, MmId, Pfn, PmdSlot, PudSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pmd_table, pud_table } from '../../state/pgtable.ts';
import { vm_fault } from '../../state/vm_fault.ts';
import { pmd_mkdevmap } from '../include/pgtable.ts';

/** The entry that maps frames of a device. Linux: mm/huge_memory.c insert_pfn_pmd, insert_pfn_pud (6.12), the value. */
export function pfn_t_pmd(pfn: Pfn, prot: number): Entry {
  return pmd_mkdevmap(mk_entry(pfn, prot | _PAGE_PSE));
}

/**
 * Maps 2 MiB from page `pfn` on around `address`, ready to be written if `write`: VM_FAULT_ flags.
 * Linux: mm/huge_memory.c vmf_insert_pfn_pmd (6.12). Left out: memory types.
 */
export function* vmf_insert_pfn_pmd(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  const start = address - (address % HPAGE_PMD_NR);
  if (start < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (start >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  yield* insert_pfn_pmd(vma, pfn, write);
  return VM_FAULT_NOPAGE;
}

/**
 * Puts a devmap PMD leaf in where there is none. Nothing counts it.
 * Linux: mm/huge_memory.c insert_pfn_pmd (6.12).
 */
export function* insert_pfn_pmd(vma: VmaId, pfn: Pfn, write: number): Op {
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pmd = get(vm_fault.pmd, 0);
  yield* pmd_lock(pmd);
  const before = yield* load(pmd_table.entry, pmd);
  if (pte_none(before)) {
    const entry = pfn_t_pmd(pfn, vm_page_prot(vm_flags));
    yield* store(
      pmd_table.entry,
      pmd,
      write ? maybe_mkwrite(pte_mkyoung(pte_mkdirty(entry)), vm_flags) : entry,
    );
  } else if (write) {
    yield* upgrade_pmd(pmd, before, pfn, vm_flags);
  }
  yield* pmd_unlock(pmd);
}

/**
 * Takes a PMD leaf away: 1, or 0 if there was none after all.
 * Linux: mm/huge_memory.c zap_huge_pmd (6.12), for a special mapping.
 */
export function* zap_huge_pmd(_mm: MmId, _vma: VmaId, pmd: PmdSlot, address: Vaddr): Op<number> {
  if (!(yield* __pmd_trans_huge_lock(pmd))) return 0;
  yield* xchg(pmd_table.entry, pmd, 0);
  yield* tlb_remove_tlb_entries(address, HPAGE_PMD_NR);
  yield* pmd_unlock(pmd);
  return 1;
}

/**
 * Takes a PMD leaf away and flushes it; the caller holds its lock. `start` is where the leaf begins.
 * Linux: mm/huge_memory.c __split_huge_pmd_locked (6.12), for a special mapping.
 */
export function* __split_huge_pmd_locked(mm: MmId, pmd: PmdSlot, start: Vaddr): Op {
  yield* pmdp_huge_clear_flush(mm, start, pmd);
}

/**
 * Maps 1 GiB from page `pfn` on around `address`, ready to be written if `write`: VM_FAULT_ flags.
 * Linux: mm/huge_memory.c vmf_insert_pfn_pud (6.12). Left out: memory types.
 */
export function* vmf_insert_pfn_pud(vma: VmaId, address: Vaddr, pfn: Pfn, write: number): Op<number> {
  const start = address - (address % HPAGE_PUD_NR);
  if (start < (yield* load(vm_area_struct.vm_start, vma))) return VM_FAULT_SIGBUS;
  if (start >= (yield* load(vm_area_struct.vm_end, vma))) return VM_FAULT_SIGBUS;
  yield* insert_pfn_pud(vma, pfn, write);
  return VM_FAULT_NOPAGE;
}

/**
 * Puts a devmap PUD leaf in where there is none. Nothing counts it.
 * Linux: mm/huge_memory.c insert_pfn_pud (6.12).
 */
export function* insert_pfn_pud(vma: VmaId, pfn: Pfn, write: number): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pud = get(vm_fault.pud, 0);
  yield* pud_lock(mm);
  const before = yield* load(pud_table.entry, pud);
  if (pte_none(before)) {
    const entry = pfn_t_pmd(pfn, vm_page_prot(vm_flags));
    yield* store(
      pud_table.entry,
      pud,
      write ? maybe_mkwrite(pte_mkyoung(pte_mkdirty(entry)), vm_flags) : entry,
    );
  } else if (write) {
    yield* upgrade_pud(pud, before, pfn, vm_flags);
  }
  yield* pud_unlock(mm);
}

/**
 * Takes a PUD leaf away: 1, or 0 if there was none after all.
 * Linux: mm/huge_memory.c zap_huge_pud (6.12), for a special mapping.
 */
export function* zap_huge_pud(mm: MmId, pud: PudSlot, address: Vaddr): Op<number> {
  if (!(yield* __pud_trans_huge_lock(mm, pud))) return 0;
  yield* xchg(pud_table.entry, pud, 0);
  yield* tlb_remove_tlb_entries(address, HPAGE_PUD_NR);
  yield* pud_unlock(mm);
  return 1;
}

/**
 * Takes a PUD leaf away and flushes it; the caller holds its lock. `start` is where the leaf begins.
 * Linux: mm/huge_memory.c __split_huge_pud_locked (6.12), for a special mapping.
 */
export function* __split_huge_pud_locked(mm: MmId, pud: PudSlot, start: Vaddr): Op {
  yield* pudp_huge_clear_flush(mm, start, pud);
}
