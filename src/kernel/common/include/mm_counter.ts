import type { Op } from '../../../machine/primitive.ts';
import { atomic_add } from '../../../machine/primitives/access.ts';
import { mm_struct } from '../../state/mm.ts';
import type { MmId } from '../../state/numbers.ts';

/**
 * Accounts pages of files that an address space maps; `pages` is negative when they go.
 * Linux: include/linux/mm.h add_mm_counter (7.2), for MM_FILEPAGES.
 */
export function* add_mm_counter(mm: MmId, pages: number): Op {
  yield* atomic_add(mm_struct.rss_file, mm, pages);
}

/**
 * The same of private copies.
 * Linux: include/linux/mm.h add_mm_counter (7.2), for MM_ANONPAGES.
 */
export function* add_mm_counter_anon(mm: MmId, pages: number): Op {
  yield* atomic_add(mm_struct.rss_anon, mm, pages);
}
