import type { Entry } from '../../../../../state/numbers.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_RW,
  _PAGE_SAVED_DIRTY,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
  _PAGE_USER,
  ENTRY_UNIT,
  entry_clear_flags,
  entry_set_flags,
} from '../../../../include/pgtable_types.ts';

/*
 * What an entry says, and entries with something changed. A flag stands at the same place at every level here, so
 * these serve PMD and PUD leaves too; there is a pmd_ or pud_ twin only where Linux's own differs.
 */

/** Linux: arch/x86/include/asm/pgtable.h pte_none, pmd_none, pud_none (7.2). Left out: the erratum's stray bits. */
export function pte_none(entry: Entry): boolean {
  return entry === 0;
}

/** Whether the kernel has a page here; the processor may use it only if PRESENT is set. Linux: arch/x86/include/asm/pgtable.h pte_present (7.2). */
export function pte_present(entry: Entry): boolean {
  return (entry & (_PAGE_PRESENT | _PAGE_PROTNONE)) !== 0;
}

/** A leaf counts as present even while pmdp_invalidate has cleared PRESENT. Linux: arch/x86/include/asm/pgtable.h pmd_present (7.2). */
export function pmd_present(entry: Entry): boolean {
  return (entry & (_PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE)) !== 0;
}

/** Whether an entry above the lowest level maps memory itself. Linux: arch/x86/include/asm/pgtable.h pmd_leaf, pud_leaf (7.2). */
export function pmd_leaf(entry: Entry): boolean {
  return (entry & _PAGE_PSE) !== 0;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_protnone, pmd_protnone (7.2). */
export function pte_protnone(entry: Entry): boolean {
  return (entry & (_PAGE_PRESENT | _PAGE_PROTNONE)) === _PAGE_PROTNONE;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_write, pmd_write, pud_write (7.2). Left out: shadow stacks. */
export function pte_write(entry: Entry): boolean {
  return (entry & _PAGE_RW) !== 0;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_dirty, pmd_dirty, pud_dirty (7.2). */
export function pte_dirty(entry: Entry): boolean {
  return (entry & (_PAGE_DIRTY | _PAGE_SAVED_DIRTY)) !== 0;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_young, pmd_young, pud_young (7.2). */
export function pte_young(entry: Entry): boolean {
  return (entry & _PAGE_ACCESSED) !== 0;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_special, pmd_special, pud_special (7.2). */
export function pte_special(entry: Entry): boolean {
  return (entry & _PAGE_SPECIAL) !== 0;
}

/** Whether user space may use an entry, for writing if `write`. Linux: arch/x86/include/asm/pgtable.h pte_access_permitted (7.2). Left out: protection keys. */
export function pte_access_permitted(entry: Entry, write: number): boolean {
  return write
    ? (entry & (_PAGE_PRESENT | _PAGE_USER | _PAGE_RW)) === (_PAGE_PRESENT | _PAGE_USER | _PAGE_RW)
    : (entry & (_PAGE_PRESENT | _PAGE_USER)) === (_PAGE_PRESENT | _PAGE_USER);
}

/**
 * Moves the dirty bit of a read-only entry out of the processor's sight: read-only and dirty means shadow stack.
 * Linux: arch/x86/include/asm/pgtable.h pte_mksaveddirty, mksaveddirty_shift (7.2).
 */
export function pte_mksaveddirty(entry: Entry): Entry {
  return (entry & (_PAGE_RW | _PAGE_DIRTY)) === _PAGE_DIRTY
    ? entry_set_flags(entry_clear_flags(entry, _PAGE_DIRTY), _PAGE_SAVED_DIRTY)
    : entry;
}

/** Gives a writable entry its dirty bit back. Linux: arch/x86/include/asm/pgtable.h pte_clear_saveddirty, clear_saveddirty_shift (7.2). */
export function pte_clear_saveddirty(entry: Entry): Entry {
  return (entry & (_PAGE_RW | _PAGE_SAVED_DIRTY)) === (_PAGE_RW | _PAGE_SAVED_DIRTY)
    ? entry_set_flags(entry_clear_flags(entry, _PAGE_SAVED_DIRTY), _PAGE_DIRTY)
    : entry;
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mkdirty, pmd_mkdirty, pud_mkdirty (7.2). */
export function pte_mkdirty(entry: Entry): Entry {
  return pte_mksaveddirty(entry_set_flags(entry, _PAGE_DIRTY | _PAGE_SOFT_DIRTY));
}

/** Soft-dirty stays: it tells user space, not the kernel. Linux: arch/x86/include/asm/pgtable.h pte_mkclean, pmd_mkclean (7.2). */
export function pte_mkclean(entry: Entry): Entry {
  return entry_clear_flags(entry, _PAGE_DIRTY | _PAGE_SAVED_DIRTY);
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mkyoung, pmd_mkyoung, pud_mkyoung (7.2). */
export function pte_mkyoung(entry: Entry): Entry {
  return entry_set_flags(entry, _PAGE_ACCESSED);
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mkold, pmd_mkold (7.2). */
export function pte_mkold(entry: Entry): Entry {
  return entry_clear_flags(entry, _PAGE_ACCESSED);
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mkwrite, pmd_mkwrite, pud_mkwrite (7.2). */
export function pte_mkwrite(entry: Entry): Entry {
  return pte_clear_saveddirty(entry_set_flags(entry, _PAGE_RW));
}

/** Linux: arch/x86/include/asm/pgtable.h pte_wrprotect, pmd_wrprotect, pud_wrprotect (7.2). */
export function pte_wrprotect(entry: Entry): Entry {
  return pte_mksaveddirty(entry_clear_flags(entry, _PAGE_RW));
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mkspecial, pmd_mkspecial (7.2). */
export function pte_mkspecial(entry: Entry): Entry {
  return entry_set_flags(entry, _PAGE_SPECIAL);
}

/** Linux: arch/x86/include/asm/pgtable.h pte_mksoft_dirty, pmd_mksoft_dirty (7.2). */
export function pte_mksoft_dirty(entry: Entry): Entry {
  return entry_set_flags(entry, _PAGE_SOFT_DIRTY);
}

/** Linux: arch/x86/include/asm/pgtable.h pte_clear_soft_dirty, pmd_clear_soft_dirty (7.2). */
export function pte_clear_soft_dirty(entry: Entry): Entry {
  return entry_clear_flags(entry, _PAGE_SOFT_DIRTY);
}

/**
 * An entry with other permissions: of the old flags those in `kept` stay, all others come from `newprot`.
 * What pte_modify and pmd_modify of each scheme share.
 */
export function change_protection_flags(entry: Entry, kept: number, newprot: number): Entry {
  return entry_set_flags(entry_clear_flags(entry, ~kept & (ENTRY_UNIT - 1)), newprot & ~kept);
}

/** Sorts the dirty bit out after a change of permissions. Linux: arch/x86/include/asm/pgtable.h pte_modify, pmd_modify (7.2), its end. */
export function settle_saveddirty(changed: Entry, entry: Entry): Entry {
  return pte_write(entry) ? pte_mksaveddirty(changed) : pte_clear_saveddirty(changed);
}
