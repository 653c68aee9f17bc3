import type { FolioFacts } from './folioFacts.ts';

/**
 * `stale-tlb`, at any time: no CPU can still reach a page that was given back. Where entries count, a page is
 * given back when its refcount gets to idle, else when its owner is gone. Says what is wrong, or null.
 */
export function staleTlb(folio: FolioFacts): string | null {
  if (folio.translations === 0) return null;
  if (folio.owner < 0) return 'a TLB still translates to it, and it has no owner any more';
  if (folio.free) return 'a TLB still translates to it, and no file has it any more';
  if (folio.entriesCount && folio.refcount === folio.idle) {
    return 'a TLB still translates to it, and its last reference is gone';
  }
  return null;
}

/** A translation that a CPU keeps, beside what the page tables say of the same address. */
export interface TranslationFacts {
  /** Frame that the TLB entry translates to, and whether it lets the CPU write. */
  readonly pfn: number;
  readonly writable: boolean;
  /** Frame that the page tables map there, -1 for none, and whether they let the CPU write. */
  readonly mapped: number;
  readonly mappedWritable: boolean;
}

/**
 * `stale-tlb`, when a system call that takes translations away has returned (munmap, MADV_DONTNEED, mremap,
 * mprotect): what the TLBs keep of its range is covered by the page tables. Says what is wrong, or null.
 */
export function uncoveredTranslation(translation: TranslationFacts): string | null {
  if (translation.pfn !== translation.mapped)
    return 'a TLB still translates to it after it was unmapped there';
  if (translation.writable && !translation.mappedWritable) {
    return 'a TLB still lets its CPU write after the entry was made read-only';
  }
  return null;
}
