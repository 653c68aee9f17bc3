import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { atomic_add, cmpxchg, load, store } from '../../../../machine/primitives/access.ts';
import { alloc_anon_page } from '../../../state/anon_page.ts';
import { copy_pages } from '../../../state/medium_copy.ts';
import type { Entry, MmId, Pfn, PteSlot } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { pte_table } from '../../../state/pgtable.ts';
import { pte_mkold, pte_write, pte_wrprotect } from '../../arch/x86/include/asm/pgtable.ts';
import { ClearPageAnonExclusive, folio_test_anon, PageAnonExclusive } from '../../include/anon_page.ts';
import { GUP_PIN_COUNTING_BIAS } from '../../include/gup_flags.ts';
import { folio_get, folio_put, folio_ref_count, page_folio } from '../../include/mm.ts';
import { add_mm_counter, add_mm_counter_anon } from '../../include/mm_counter.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { folio_add_file_rmap_pte, folio_add_new_anon_rmap } from '../rmap.ts';
import { cow_pte } from './cow_fault.ts';

/**
 * Copies one entry of a private mapping: both processes may only read what they share from then on, and it is counted before
 * the child can use it. A private copy that the parent may have pinned is not shared, the child gets another at once.
 * Linux: mm/memory.c copy_present_ptes, copy_present_page (7.2). Left out: several PTEs of one folio at once.
 */
export function* copy_present_pte(
  dst_mm: MmId,
  vm_flags: number,
  dst: PteSlot,
  src: PteSlot,
  entry: Entry,
): Op {
  const pfn = vm_normal_page(entry);
  if (pfn !== NO_PAGE && folio_test_anon(pfn)) {
    yield* folio_get(pfn);
    if (!(yield* folio_try_dup_anon_rmap_pte(pfn))) {
      yield* folio_put(pfn);
      yield* copy_present_page(dst_mm, vm_flags, dst, pfn);
      return;
    }
    yield* add_mm_counter_anon(dst_mm, 1);
  } else if (pfn !== NO_PAGE) {
    const folio = yield* page_folio(pfn);
    yield* folio_get(folio);
    yield* folio_add_file_rmap_pte(folio, pfn);
    yield* add_mm_counter(dst_mm, 1);
  }
  if (pte_write(entry)) yield* ptep_set_wrprotect(src);
  yield* store(pte_table.entry, dst, pte_mkold(pte_wrprotect(entry)));
}

/**
 * Shares a private copy with a child: 1, or 0 if the parent may have pinned it.
 * Linux: include/linux/rmap.h folio_try_dup_anon_rmap_pte (7.2); include/linux/mm.h folio_needs_cow_for_dma (7.2), which
 * looks whether the process ever pinned anything first.
 */
export function* folio_try_dup_anon_rmap_pte(folio: Pfn): Op<number> {
  if (yield* PageAnonExclusive(folio)) {
    if ((yield* folio_ref_count(folio)) >= GUP_PIN_COUNTING_BIAS) return 0;
    yield* ClearPageAnonExclusive(folio);
  }
  yield* atomic_add(page._mapcount, folio, 1);
  return 1;
}

/**
 * Takes the permission to write off an entry that the processor may be using.
 * Linux: arch/x86/include/asm/pgtable.h ptep_set_wrprotect (7.2).
 */
export function* ptep_set_wrprotect(pte: PteSlot): Op {
  for (;;) {
    const entry = yield* load(pte_table.entry, pte);
    const before = yield* cmpxchg(pte_table.entry, pte, entry, pte_wrprotect(entry));
    if (before === entry) return;
  }
}

/** Gives the child a copy of its own. Linux: mm/memory.c copy_present_page (7.2). Left out: running out of memory. */
export function* copy_present_page(dst_mm: MmId, vm_flags: number, dst: PteSlot, pfn: Pfn): Op {
  const copy = yield* alloc_anon_page();
  if (copy === 0) return;
  yield* copy_pages(copy, pfn, 1);
  yield* folio_add_new_anon_rmap(copy);
  yield* add_mm_counter_anon(dst_mm, 1);
  yield* store(pte_table.entry, dst, cow_pte(copy, vm_flags));
}
