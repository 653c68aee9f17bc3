import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../../machine/primitive.ts';
import { atomic_andnot, load, store, xchg } from '../../../../../machine/primitives/access.ts';
import { PG_referenced } from '../../../../state/memmap.ts';
import type { Entry, MmId, PmdSlot, PteSlot, Vaddr } from '../../../../state/numbers.ts';
import { page } from '../../../../state/page.ts';
import { pmd_table, pte_table } from '../../../../state/pgtable.ts';
import {
  pte_clear_soft_dirty,
  pte_dirty,
  pte_mkdirty,
  pte_mkyoung,
  pte_present,
  pte_wrprotect,
  pte_young,
} from '../../../arch/x86/include/asm/pgtable.ts';
import { pmdp_test_and_clear_young, ptep_test_and_clear_young } from '../../../arch/x86/mm/pgtable.ts';
import { pmd_trans_huge_lock } from '../../../include/huge_mm.ts';
import { page_folio } from '../../../include/mm.ts';
import { pmd_unlock, pte_unmap_unlock } from '../../../include/page_table_lock.ts';
import { entry_pfn, HPAGE_PMD_NR } from '../../../include/pgtable_types.ts';
import { NO_PAGE } from '../../../include/vm_normal_page.ts';
import { pmdp_invalidate } from '../../../mm/mprotect/invalidate.ts';
import { pte_offset_map_lock } from '../../../mm/pgtable-generic.ts';

/**
 * Clears the soft-dirty bits, or else the traces of use, of what one PMD entry covers of `[address, end)`.
 * Linux: fs/proc/task_mmu.c clear_refs_pte_range (7.2).
 */
export function* clear_refs_pte_range(
  mm: MmId,
  pmd: PmdSlot,
  address: Vaddr,
  end: Vaddr,
  soft_dirty: number,
): Op {
  if (yield* pmd_trans_huge_lock(pmd)) {
    if (soft_dirty) yield* clear_soft_dirty_pmd(mm, pmd, address - (address % HPAGE_PMD_NR));
    else yield* clear_referenced_pmd(pmd);
    yield* pmd_unlock(pmd);
    return;
  }
  const first = yield* pte_offset_map_lock(pmd, address);
  if (first === 0) return;
  for (let at = address; at < end; at++) {
    const pte = first + at - address;
    const entry = yield* load(pte_table.entry, pte);
    if (!pte_present(entry)) continue;
    if (soft_dirty) yield* clear_soft_dirty(pte);
    else yield* clear_referenced(pte, entry);
  }
  yield* pte_unmap_unlock(first);
}

/**
 * Write-protects a PTE, so that the next write is noticed, and clears its soft-dirty bit.
 * Linux: fs/proc/task_mmu.c clear_soft_dirty (7.2). Left out: pinned pages of private mappings.
 */
export function* clear_soft_dirty(pte: PteSlot): Op {
  const old = yield* xchg(pte_table.entry, pte, 0);
  yield* store(pte_table.entry, pte, pte_clear_soft_dirty(pte_wrprotect(old)));
}

/**
 * The same of a PMD leaf.
 * Linux: fs/proc/task_mmu.c clear_soft_dirty_pmd (7.2).
 */
export function* clear_soft_dirty_pmd(mm: MmId, pmd: PmdSlot, address: Vaddr): Op {
  const before = yield* load(pmd_table.entry, pmd);
  const old = yield* pmdp_invalidate(mm, pmd, address);
  const dirty: Entry = pte_dirty(old) ? pte_mkdirty(before) : before;
  const young: Entry = pte_young(old) ? pte_mkyoung(dirty) : dirty;
  yield* store(pmd_table.entry, pmd, pte_clear_soft_dirty(pte_wrprotect(young)));
}

/**
 * Forgets that a page was used, if the kernel knows it as a page at all.
 * Linux: fs/proc/task_mmu.c clear_refs_pte_range (7.2).
 */
export function* clear_referenced(pte: PteSlot, entry: Entry): Op {
  const pfn = vm_normal_page(entry);
  if (pfn === NO_PAGE) return;
  const folio = yield* page_folio(pfn);
  yield* ptep_test_and_clear_young(pte);
  yield* atomic_andnot(page.flags, folio, PG_referenced);
}

/**
 * Forgets that a huge page was used; unlike below, its folio is taken from the entry as it is.
 * Linux: fs/proc/task_mmu.c clear_refs_pte_range (7.2), its part for huge entries.
 */
export function* clear_referenced_pmd(pmd: PmdSlot): Op {
  const folio = yield* page_folio(entry_pfn(yield* load(pmd_table.entry, pmd)));
  yield* pmdp_test_and_clear_young(pmd);
  yield* atomic_andnot(page.flags, folio, PG_referenced);
}
