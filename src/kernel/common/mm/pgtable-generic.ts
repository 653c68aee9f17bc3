import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load, store, xchg } from '../../../machine/primitives/access.ts';
import { spin_lock, spin_unlock } from '../../../machine/primitives/locks.ts';
import type { Entry, MmId, PmdSlot, PteSlot, PudSlot, Vaddr } from '../../state/numbers.ts';
import { pmd_table, ptdesc, pte_table, pud_table } from '../../state/pgtable.ts';
import { pmd_present, pte_none } from '../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_mm_range } from '../arch/x86/mm/tlb.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR } from '../include/pgtable_types.ts';
import { pgtable_of, pte_offset } from '../include/pgtable_walk.ts';

/** Whether a PMD entry points to a table of PTEs. Linux: mm/pgtable-generic.c ___pte_offset_map (7.2), its tests. */
export function pmd_has_table(entry: Entry): boolean {
  return pmd_present(entry) && !pmd_is_huge(entry);
}

/**
 * The PTE of `address`, not locked; 0 if there is no table of PTEs.
 * Linux: mm/pgtable-generic.c ___pte_offset_map (7.2). Left out: the RCU section, since tables that hold PTEs go only
 * with their VMA here (no reclaim of empty tables).
 */
export function* pte_offset_map(pmd: PmdSlot, address: Vaddr): Op<PteSlot> {
  const entry = yield* load(pmd_table.entry, pmd);
  return pmd_has_table(entry) ? pte_offset(entry, address) : 0;
}

/**
 * The PTE of `address`, its table locked; 0, and nothing locked, if there is no table of PTEs.
 * Linux: mm/pgtable-generic.c pte_offset_map_lock (7.2). Left out: as for pte_offset_map.
 */
export function* pte_offset_map_lock(pmd: PmdSlot, address: Vaddr): Op<PteSlot> {
  for (;;) {
    const entry = yield* load(pmd_table.entry, pmd);
    if (!pmd_has_table(entry)) return 0;
    yield* spin_lock(ptdesc.ptl, pgtable_of(entry));
    if ((yield* load(pmd_table.entry, pmd)) === entry) return pte_offset(entry, address);
    yield* spin_unlock(ptdesc.ptl, pgtable_of(entry));
  }
}

/**
 * 1 if a PUD entry has no table. An entry that is neither empty nor a table is taken for a broken one and cleared:
 * so are leaves.
 * Linux: include/linux/pgtable.h pud_none_or_clear_bad (7.2); mm/pgtable-generic.c pud_clear_bad (7.2).
 */
export function* pud_none_or_clear_bad(pud: PudSlot): Op<number> {
  const entry = yield* load(pud_table.entry, pud);
  if (pte_none(entry)) return 1;
  if (!pud_is_huge(entry)) return 0;
  yield* store(pud_table.entry, pud, 0);
  return 1;
}

/**
 * Takes a PTE away and flushes it, under its lock; returns what stood there.
 * Linux: mm/pgtable-generic.c ptep_clear_flush (7.2).
 */
export function* ptep_clear_flush(mm: MmId, address: Vaddr, pte: PteSlot): Op<Entry> {
  const entry = yield* xchg(pte_table.entry, pte, 0);
  yield* flush_tlb_mm_range(mm, address, address + 1);
  return entry;
}

/**
 * Takes a PMD leaf away and flushes it, under its lock; returns what stood there. `address` is where the leaf begins.
 * Linux: mm/pgtable-generic.c pmdp_huge_clear_flush (7.2).
 */
export function* pmdp_huge_clear_flush(mm: MmId, address: Vaddr, pmd: PmdSlot): Op<Entry> {
  const entry = yield* xchg(pmd_table.entry, pmd, 0);
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PMD_NR);
  return entry;
}

/**
 * The same of a PUD leaf.
 * Linux: mm/pgtable-generic.c pudp_huge_clear_flush (7.2).
 */
export function* pudp_huge_clear_flush(mm: MmId, address: Vaddr, pud: PudSlot): Op<Entry> {
  const entry = yield* xchg(pud_table.entry, pud, 0);
  yield* flush_tlb_mm_range(mm, address, address + HPAGE_PUD_NR);
  return entry;
}
