import { folios_put_refs } from '#scheme/mm/swap.ts';
import type { Op } from '../../../machine/primitive.ts';
import { atomic_add, load } from '../../../machine/primitives/access.ts';
import { get, max, min, put } from '../../../machine/primitives/own.ts';
import { rcu_grace_period_begin, rcu_grace_period_wait } from '../../../machine/primitives/readers.ts';
import { gather_page, gather_table, mmu_gather } from '../../state/gather.ts';
import { mm_struct } from '../../state/mm.ts';
import type { MmId, Pfn, TableId, Vaddr } from '../../state/numbers.ts';
import { pagetable_free } from '../../state/tables.ts';
import { flush_tlb_mm_range, TLB_FLUSH_ALL } from '../arch/x86/mm/tlb.ts';
import { page_folio } from '../include/mm.ts';
import { folio_remove_rmap_ptes } from './rmap.ts';

/*
 * What a thread has unmapped and not given back yet: first every TLB must forget the translations, only then the
 * references go. A thread has one mmu_gather at a time, on its stack.
 */

/** Runs of pages that fit into the part of an mmu_gather that lies on the stack (MMU_GATHER_BUNDLE, less room for one run of two words). */
export const MMU_GATHER_BUNDLE = 7;

/** The same for each batch that is allocated (MAX_GATHER_BATCH). */
export const MAX_GATHER_BATCH = 509;

/** Batches that are allocated at most. Linux: include/asm-generic/tlb.h MAX_GATHER_BATCH_COUNT (7.2). */
export const MAX_GATHER_BATCH_COUNT = 19;

/** Linux: mm/mmu_gather.c tlb_gather_mmu (7.2). */
export function* tlb_gather_mmu(mm: MmId): Op {
  yield* __tlb_gather_mmu(mm, 0);
}

/** Begins to unmap all of an address space that nobody runs in any more. Linux: mm/mmu_gather.c tlb_gather_mmu_fullmm (7.2). */
export function* tlb_gather_mmu_fullmm(mm: MmId): Op {
  yield* __tlb_gather_mmu(mm, 1);
}

/** Linux: mm/mmu_gather.c __tlb_gather_mmu (7.2). */
export function* __tlb_gather_mmu(mm: MmId, fullmm: number): Op {
  put(mmu_gather.mm, 0, mm);
  put(mmu_gather.fullmm, 0, fullmm);
  put(mmu_gather.start, 0, TLB_FLUSH_ALL);
  yield* atomic_add(mm_struct.tlb_flush_pending, mm, 1);
}

/**
 * Notes translations that have to be flushed: `nr` pages from `address` on.
 * Linux: include/asm-generic/tlb.h tlb_remove_tlb_entries, tlb_remove_pmd_tlb_entry, __tlb_adjust_range (7.2).
 */
export function* tlb_remove_tlb_entries(address: Vaddr, nr: number): Op {
  put(mmu_gather.start, 0, min(address, get(mmu_gather.start, 0)));
  put(mmu_gather.end, 0, max(address + nr, get(mmu_gather.end, 0)));
}

/**
 * Queues a page whose reference goes after the flush, and with `delay_rmap` its mapcount as well; 1 if the batches
 * are full, and the caller has to flush.
 * Linux: mm/mmu_gather.c __tlb_remove_folio_pages_size (7.2). Left out: several pages of one folio, which device-DAX
 * never maps by PTEs.
 */
export function* __tlb_remove_folio_page(pfn: Pfn, delay_rmap: number): Op<number> {
  const queued = get(mmu_gather.batches, 0);
  put(gather_page.page, queued, pfn);
  put(gather_page.delayed, queued, delay_rmap);
  put(mmu_gather.delayed_rmap, 0, get(mmu_gather.delayed_rmap, 0) | delay_rmap);
  put(mmu_gather.batches, 0, queued + 1);
  return batch_is_full(queued + 1) && !tlb_next_batch(queued + 1, get(mmu_gather.delayed_rmap, 0)) ? 1 : 0;
}

/** Whether the last of `queued` pages filled a batch. */
export function batch_is_full(queued: number): boolean {
  return queued >= MMU_GATHER_BUNDLE && (queued - MMU_GATHER_BUNDLE) % MAX_GATHER_BATCH === 0;
}

/**
 * Whether there is another batch to put pages in: not beyond the limit, and not while pages wait for their mapcount to
 * go in more than the first batch and the current one.
 * Linux: mm/mmu_gather.c tlb_next_batch (7.2).
 */
export function tlb_next_batch(queued: number, delayed_rmap: number): boolean {
  return delayed_rmap
    ? queued <= MMU_GATHER_BUNDLE
    : queued < MMU_GATHER_BUNDLE + MAX_GATHER_BATCH * MAX_GATHER_BATCH_COUNT;
}

/** Queues the page of a huge entry, flushing if that fills the batches. Linux: include/asm-generic/tlb.h tlb_remove_page_size (7.2). */
export function* tlb_remove_page_size(pfn: Pfn): Op {
  if (yield* __tlb_remove_folio_page(pfn, 0)) yield* tlb_flush_mmu();
}

/**
 * Queues a page-table page that no entry points to any more; `address` is one that it translated.
 * Linux: include/asm-generic/tlb.h pte_free_tlb, pmd_free_tlb, pud_free_tlb (7.2); mm/mmu_gather.c tlb_remove_table (7.2).
 */
export function* tlb_remove_table(table: TableId, address: Vaddr): Op {
  yield* tlb_remove_tlb_entries(address, 1);
  const queued = get(mmu_gather.freed_tables, 0);
  put(gather_table.table, queued, table);
  put(mmu_gather.freed_tables, 0, queued + 1);
}

/** Flushes what has been noted, and drops what waited for that. Linux: mm/mmu_gather.c tlb_flush_mmu (7.2). */
export function* tlb_flush_mmu(): Op {
  yield* tlb_flush_mmu_tlbonly();
  yield* tlb_flush_mmu_free();
}

/** Linux: include/asm-generic/tlb.h tlb_flush_mmu_tlbonly, __tlb_reset_range (7.2); arch/x86/include/asm/tlb.h tlb_flush (7.2). */
export function* tlb_flush_mmu_tlbonly(): Op {
  const start = get(mmu_gather.start, 0);
  const end = get(mmu_gather.end, 0);
  if (end === 0) return;
  if (get(mmu_gather.fullmm, 0)) yield* flush_tlb_mm_range(get(mmu_gather.mm, 0), 0, TLB_FLUSH_ALL);
  else yield* flush_tlb_mm_range(get(mmu_gather.mm, 0), start, end);
  put(mmu_gather.start, 0, TLB_FLUSH_ALL);
  put(mmu_gather.end, 0, 0);
}

/**
 * Drops what waited for a flush.
 * Linux: mm/mmu_gather.c tlb_flush_mmu_free (7.2). There the tables come first, but are only handed to RCU, which
 * frees them at some later time; here the thread waits for that itself, at the end, so that it holds up nothing.
 */
export function* tlb_flush_mmu_free(): Op {
  yield* tlb_batch_pages_flush();
  yield* tlb_table_flush();
}

/** Drops the references of all queued pages. Linux: mm/mmu_gather.c tlb_batch_pages_flush (7.2); mm/swap_state.c free_pages_and_swap_cache (7.2). */
export function* tlb_batch_pages_flush(): Op {
  const queued = get(mmu_gather.batches, 0);
  put(mmu_gather.batches, 0, 0);
  for (let i = 0; i < queued; i++) {
    const folio = yield* page_folio(get(gather_page.page, i));
    put(gather_page.page, i, 0);
    yield* folios_put_refs(folio, 1);
  }
}

/** Frees the queued page tables, once nobody can stand in one. Linux: mm/mmu_gather.c tlb_table_flush, tlb_remove_table_free (7.2). */
export function* tlb_table_flush(): Op {
  const queued = get(mmu_gather.freed_tables, 0);
  if (queued === 0) return;
  yield* tlb_remove_table_grace_period();
  put(mmu_gather.freed_tables, 0, 0);
  for (let i = 0; i < queued; i++) {
    const table = get(gather_table.table, i);
    put(gather_table.table, i, 0);
    yield* pagetable_free(table);
  }
}

/** Waits for lockless walkers, who have interrupts off. Linux: mm/mmu_gather.c tlb_remove_table_free (7.2), its call_rcu. */
export function* tlb_remove_table_grace_period(): Op {
  yield* rcu_grace_period_begin();
  yield* rcu_grace_period_wait();
}

/** After the flush, counts off the mappings whose entry was dirty. Linux: mm/mmu_gather.c tlb_flush_rmaps (7.2). */
export function* tlb_flush_rmaps(): Op {
  if (get(mmu_gather.delayed_rmap, 0) === 0) return;
  const queued = get(mmu_gather.batches, 0);
  for (let i = 0; i < queued; i++) {
    if (get(gather_page.delayed, i) !== 0) {
      put(gather_page.delayed, i, 0);
      const pfn = get(gather_page.page, i);
      const folio = yield* page_folio(pfn);
      yield* folio_remove_rmap_ptes(folio, pfn, 1);
    }
  }
  put(mmu_gather.delayed_rmap, 0, 0);
}

/**
 * Whether another thread too is unmapping from the address space: it may have cleared entries that this thread
 * then found gone, without having flushed them.
 * Linux: include/linux/mm_types.h mm_tlb_flush_nested (7.2).
 */
export function* mm_tlb_flush_nested(mm: MmId): Op<number> {
  return (yield* load(mm_struct.tlb_flush_pending, mm)) > 1 ? 1 : 0;
}

/** Linux: mm/mmu_gather.c tlb_finish_mmu (7.2). */
export function* tlb_finish_mmu(): Op {
  const mm = get(mmu_gather.mm, 0);
  if (yield* mm_tlb_flush_nested(mm)) {
    put(mmu_gather.fullmm, 0, 1);
    put(mmu_gather.end, 0, TLB_FLUSH_ALL);
  }
  yield* tlb_flush_mmu();
  put(mmu_gather.mm, 0, 0);
  put(mmu_gather.fullmm, 0, 0);
  put(mmu_gather.start, 0, 0);
  yield* atomic_add(mm_struct.tlb_flush_pending, mm, -1);
}
