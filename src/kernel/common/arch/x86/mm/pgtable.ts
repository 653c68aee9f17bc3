import type { Op } from '../../../../../machine/primitive.ts';
import { cmpxchg, load, store } from '../../../../../machine/primitives/access.ts';
import type { Entry, PmdSlot, PteSlot, PudSlot } from '../../../../state/numbers.ts';
import { pmd_table, pte_table, pud_table } from '../../../../state/pgtable.ts';
import { pte_mkold, pte_young } from '../include/asm/pgtable.ts';

/*
 * Entries that allow more than before, stored under their lock. No flush: whoever still has the old translation
 * faults, and finds that nothing is to be done. After a read fault nothing is stored, the processor sets the
 * accessed bit itself.
 */

/**
 * Linux: arch/x86/mm/pgtable.c ptep_set_access_flags (7.2). `before` is the entry as read under the lock.
 */
export function* ptep_set_access_flags(pte: PteSlot, before: Entry, entry: Entry, dirty: number): Op {
  if (dirty && entry !== before) yield* store(pte_table.entry, pte, entry);
}

/**
 * Linux: arch/x86/mm/pgtable.c pmdp_set_access_flags (7.2).
 */
export function* pmdp_set_access_flags(pmd: PmdSlot, before: Entry, entry: Entry, dirty: number): Op {
  if (dirty && entry !== before) yield* store(pmd_table.entry, pmd, entry);
}

/**
 * Linux: arch/x86/mm/pgtable.c pudp_set_access_flags (7.2).
 */
export function* pudp_set_access_flags(pud: PudSlot, before: Entry, entry: Entry, dirty: number): Op {
  if (dirty && entry !== before) yield* store(pud_table.entry, pud, entry);
}

/**
 * Clears the accessed bit of a PTE, and nothing else that the processor may set meanwhile.
 * Linux: arch/x86/mm/pgtable.c ptep_test_and_clear_young (7.2).
 */
export function* ptep_test_and_clear_young(pte: PteSlot): Op {
  let entry = yield* load(pte_table.entry, pte);
  while (pte_young(entry)) {
    const before = yield* cmpxchg(pte_table.entry, pte, entry, pte_mkold(entry));
    if (before === entry) return;
    entry = before;
  }
}

/**
 * Clears the accessed bit of a PMD leaf, and nothing else that the processor may set meanwhile.
 * Linux: arch/x86/mm/pgtable.c pmdp_test_and_clear_young (7.2).
 */
export function* pmdp_test_and_clear_young(pmd: PmdSlot): Op {
  let entry = yield* load(pmd_table.entry, pmd);
  while (pte_young(entry)) {
    const before = yield* cmpxchg(pmd_table.entry, pmd, entry, pte_mkold(entry));
    if (before === entry) return;
    entry = before;
  }
}
