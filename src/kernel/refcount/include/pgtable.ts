import {
  change_protection_flags,
  pmd_leaf,
  settle_saveddirty,
} from '../../common/arch/x86/include/asm/pgtable.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PSE,
  _PAGE_SAVED_DIRTY,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
} from '../../common/include/pgtable_types.ts';
import type { Entry } from '../../state/numbers.ts';

/** Flags that a change of permissions leaves alone. Linux: arch/x86/include/asm/pgtable_types.h _PAGE_CHG_MASK (7.2). */
export const _PAGE_CHG_MASK =
  _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_SAVED_DIRTY | _PAGE_SPECIAL | _PAGE_SOFT_DIRTY;

/** The same of a huge entry. Linux: arch/x86/include/asm/pgtable_types.h _HPAGE_CHG_MASK (7.2). */
export const _HPAGE_CHG_MASK = _PAGE_CHG_MASK | _PAGE_PSE;

/** Linux: arch/x86/include/asm/pgtable.h pte_modify (7.2). */
export function pte_modify(entry: Entry, newprot: number): Entry {
  return settle_saveddirty(change_protection_flags(entry, _PAGE_CHG_MASK, newprot), entry);
}

/** Linux: arch/x86/include/asm/pgtable.h pmd_modify (7.3). */
export function pmd_modify(entry: Entry, newprot: number): Entry {
  return settle_saveddirty(change_protection_flags(entry, _HPAGE_CHG_MASK, newprot), entry);
}

/** Linux: arch/x86/include/asm/pgtable.h pmd_trans_huge (7.2). */
export function pmd_trans_huge(entry: Entry): boolean {
  return pmd_leaf(entry);
}

/** Linux: arch/x86/include/asm/pgtable.h pud_trans_huge (7.2). */
export function pud_trans_huge(entry: Entry): boolean {
  return pmd_leaf(entry);
}

/** Whether walkers have to treat a PMD entry as a leaf. Linux: include/linux/huge_mm.h pmd_is_huge (7.2). */
export function pmd_is_huge(entry: Entry): boolean {
  return pmd_trans_huge(entry);
}

/** Whether walkers have to treat a PUD entry as a leaf: Linux tests pud_trans_huge in place. */
export function pud_is_huge(entry: Entry): boolean {
  return pud_trans_huge(entry);
}
