import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import { __split_huge_pmd_locked, __split_huge_pud_locked } from '#scheme/mm/huge_memory.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../machine/primitives/own.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { Entry, MmId, Pfn, PmdSlot, PudSlot, Vaddr, VmaId } from '../../state/numbers.ts';
import { pmd_table, pud_table } from '../../state/pgtable.ts';
import { pte_mkdirty, pte_mkyoung } from '../arch/x86/include/asm/pgtable.ts';
import { pmdp_set_access_flags, pudp_set_access_flags } from '../arch/x86/mm/pgtable.ts';
import { maybe_mkwrite } from '../include/maybe_mkwrite.ts';
import { pmd_lock, pmd_unlock, pud_lock, pud_unlock } from '../include/page_table_lock.ts';
import { entry_pfn, HPAGE_PMD_NR, HPAGE_PUD_NR } from '../include/pgtable_types.ts';
import { VM_NOHUGEPAGE } from '../include/vm_flags.ts';
import { is_huge_zero_pfn } from '../include/zero_page.ts';

/**
 * Whether a fault may map with huge entries: wherever MADV_NOHUGEPAGE did not forbid it, the owner decides itself.
 * Linux: mm/huge_memory.c __thp_vma_allowable_orders (7.2), in a fault on a DAX mapping. Left out: prctl.
 */
export function thp_vma_allowable_order(vm_flags: number): boolean {
  return (vm_flags & VM_NOHUGEPAGE) === 0;
}

/** An entry as it is after an access by software. Linux: mm/huge_memory.c touch_pmd, touch_pud (7.2). */
export function touched_entry(entry: Entry, write: number): Entry {
  return write ? pte_mkdirty(pte_mkyoung(entry)) : pte_mkyoung(entry);
}

/**
 * Notes an access in a PMD leaf that allows it, unless it has changed since `orig` was read.
 * Linux: mm/huge_memory.c huge_pmd_set_accessed, touch_pmd (7.2).
 */
export function* huge_pmd_set_accessed(pmd: PmdSlot, orig: Entry, write: number): Op {
  yield* pmd_lock(pmd);
  if ((yield* load(pmd_table.entry, pmd)) === orig) {
    yield* pmdp_set_access_flags(pmd, orig, touched_entry(orig, write), write);
  }
  yield* pmd_unlock(pmd);
}

/**
 * The same for a PUD leaf.
 * Linux: mm/huge_memory.c huge_pud_set_accessed, touch_pud (7.2).
 */
export function* huge_pud_set_accessed(mm: MmId, pud: PudSlot, orig: Entry, write: number): Op {
  yield* pud_lock(mm);
  if ((yield* load(pud_table.entry, pud)) === orig) {
    yield* pudp_set_access_flags(pud, orig, touched_entry(orig, write), write);
  }
  yield* pud_unlock(mm);
}

/**
 * A write fault that finds a PMD leaf already there: makes it writable if it is the one that would have been put in.
 * Linux: mm/huge_memory.c insert_pmd (7.2), insert_pfn_pmd (6.12), where the entry is not none.
 */
export function* upgrade_pmd(pmd: PmdSlot, before: Entry, pfn: Pfn, vm_flags: number): Op {
  const found = entry_pfn(before);
  if (found !== pfn) {
    WARN_ON_ONCE(!is_huge_zero_pfn(found), 'insert_pmd: another page is mapped', found);
    return;
  }
  yield* pmdp_set_access_flags(pmd, before, maybe_mkwrite(touched_entry(before, 1), vm_flags), 1);
}

/**
 * The same for a PUD leaf.
 * Linux: mm/huge_memory.c insert_pud (7.2), insert_pfn_pud (6.12), where the entry is not none.
 */
export function* upgrade_pud(pud: PudSlot, before: Entry, pfn: Pfn, vm_flags: number): Op {
  if (WARN_ON_ONCE(entry_pfn(before) !== pfn, 'insert_pud: another page is mapped', entry_pfn(before)))
    return;
  yield* pudp_set_access_flags(pud, before, maybe_mkwrite(touched_entry(before, 1), vm_flags), 1);
}

/**
 * The same, after a look without the lock.
 * Linux: include/linux/huge_mm.h split_huge_pmd (7.2).
 */
export function* split_huge_pmd(vma: VmaId, pmd: PmdSlot, address: Vaddr): Op {
  if (!pmd_is_huge(yield* load(pmd_table.entry, pmd))) return;
  yield* __split_huge_pmd(yield* load(vm_area_struct.vm_mm, vma), pmd, address);
}

/**
 * Does away with the PMD leaf around `address`, if there is one, so that smaller entries can take its place.
 * Linux: mm/huge_memory.c __split_huge_pmd, split_huge_pmd_locked (7.2). Left out: MMU notifiers.
 */
export function* __split_huge_pmd(mm: MmId, pmd: PmdSlot, address: Vaddr): Op {
  yield* pmd_lock(pmd);
  if (pmd_is_huge(yield* load(pmd_table.entry, pmd))) {
    yield* __split_huge_pmd_locked(mm, pmd, address - (address % HPAGE_PMD_NR));
  }
  yield* pmd_unlock(pmd);
}

/**
 * The same for a PUD leaf.
 * Linux: mm/huge_memory.c __split_huge_pud (7.2). Left out: MMU notifiers.
 */
export function* __split_huge_pud(mm: MmId, pud: PudSlot, address: Vaddr): Op {
  yield* pud_lock(mm);
  if (pud_is_huge(yield* load(pud_table.entry, pud))) {
    yield* __split_huge_pud_locked(mm, pud, address - (address % HPAGE_PUD_NR));
  }
  yield* pud_unlock(mm);
}
