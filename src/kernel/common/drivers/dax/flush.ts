import type { Op } from '../../../../machine/primitive.ts';
import { arch_wb_cache_pmem, clean_cache_range } from '../../../state/medium.ts';
import type { Pfn } from '../../../state/numbers.ts';

/**
 * Writes the caches back that hold `nr` pages from frame `pfn` on.
 * Linux: drivers/dax/super.c dax_flush (7.2); arch/x86/lib/usercopy_64.c arch_wb_cache_pmem (7.2).
 */
export function* dax_flush(pfn: Pfn, nr: number): Op {
  yield* arch_wb_cache_pmem(pfn, nr);
}

/**
 * The same for bytes `[from, to)` of a page, and what else their cache lines have.
 * Linux: drivers/dax/super.c dax_flush (7.2); arch/x86/lib/usercopy_64.c clean_cache_range (7.2).
 */
export function* dax_flush_bytes(pfn: Pfn, from: number, to: number): Op {
  yield* clean_cache_range(pfn, from, to);
}
