import { change_protection_flags, settle_saveddirty } from '../../common/arch/x86/include/asm/pgtable.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DEVMAP,
  _PAGE_DIRTY,
  _PAGE_PSE,
  _PAGE_SAVED_DIRTY,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
  entry_clear_flags,
  entry_set_flags,
} from '../../common/include/pgtable_types.ts';
import type { Entry } from '../../state/numbers.ts';

/** Flags that a change of permissions leaves alone. Linux: arch/x86/include/asm/pgtable_types.h _PAGE_CHG_MASK (6.12). */
export const _PAGE_CHG_MASK =
  _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_SAVED_DIRTY | _PAGE_SPECIAL | _PAGE_SOFT_DIRTY | _PAGE_DEVMAP;

/** The same of a huge entry. Linux: arch/x86/include/asm/pgtable_types.h _HPAGE_CHG_MASK (6.12). */
export const _HPAGE_CHG_MASK = _PAGE_CHG_MASK | _PAGE_PSE;

/** Linux: arch/x86/include/asm/pgtable.h pte_modify (6.12). */
export function pte_modify(entry: Entry, newprot: number): Entry {
  return settle_saveddirty(change_protection_flags(entry, _PAGE_CHG_MASK, newprot), entry);
}

/**
 * Forgets that a writable entry was dirty, unlike pte_modify: a mistake that has nothing to do with devmap. Linux mended
 * it after 6.18, and in 6.12.y between 6.12.107 and 6.12.117.
 * Linux: arch/x86/include/asm/pgtable.h pmd_modify (6.12).
 */
export function pmd_modify(entry: Entry, newprot: number): Entry {
  return settle_saveddirty(
    change_protection_flags(entry_clear_flags(entry, _PAGE_DIRTY), _HPAGE_CHG_MASK, newprot),
    entry,
  );
}

/** Linux: arch/x86/include/asm/pgtable.h pte_devmap, pmd_devmap, pud_devmap (6.12). */
export function pte_devmap(entry: Entry): boolean {
  return (entry & _PAGE_DEVMAP) !== 0;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mkdevmap (6.12). */
export function pte_mkdevmap(entry: Entry): Entry {
  return entry_set_flags(entry, _PAGE_SPECIAL | _PAGE_DEVMAP);
}

/** Unlike pte_mkdevmap it does not make the entry special. Linux: arch/x86/include/asm/pgtable.h pmd_mkdevmap, pud_mkdevmap (6.12). */
export function pmd_mkdevmap(entry: Entry): Entry {
  return entry_set_flags(entry, _PAGE_DEVMAP);
}

/** Linux: arch/x86/include/asm/pgtable.h pmd_trans_huge (6.12). */
export function pmd_trans_huge(entry: Entry): boolean {
  return (entry & (_PAGE_PSE | _PAGE_DEVMAP)) === _PAGE_PSE;
}

/** Linux: arch/x86/include/asm/pgtable.h pud_trans_huge (6.12). */
export function pud_trans_huge(entry: Entry): boolean {
  return (entry & (_PAGE_PSE | _PAGE_DEVMAP)) === _PAGE_PSE;
}

/** Whether walkers have to treat a PMD entry as a leaf: Linux tests pmd_trans_huge and pmd_devmap in place. */
export function pmd_is_huge(entry: Entry): boolean {
  return pmd_trans_huge(entry) || pte_devmap(entry);
}

/** Whether walkers have to treat a PUD entry as a leaf: Linux tests pud_trans_huge and pud_devmap in place. */
export function pud_is_huge(entry: Entry): boolean {
  return pud_trans_huge(entry) || pte_devmap(entry);
}
