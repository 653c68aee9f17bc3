import type { Pfn } from '../../state/numbers.ts';
import { CONFIG_FS_DAX } from './config.ts';

/*
 * Frames of zeros, which fill the holes of files. Entries that map them are not counted, and nobody counts their
 * references.
 */

/** Frame of the zero page (include/linux/pgtable.h ZERO_PAGE). */
export const ZERO_PFN = 1;

/** First frame of the huge zero folio (mm/huge_memory.c huge_zero_folio). */
export const HUGE_ZERO_PFN = 512;

/** Linux: include/linux/pgtable.h is_zero_pfn (7.2). */
export function is_zero_pfn(pfn: Pfn): boolean {
  return CONFIG_FS_DAX !== 0 && pfn === ZERO_PFN;
}

/** Linux: include/linux/huge_mm.h is_huge_zero_pfn (7.2). */
export function is_huge_zero_pfn(pfn: Pfn): boolean {
  return CONFIG_FS_DAX !== 0 && pfn >= HUGE_ZERO_PFN && pfn < HUGE_ZERO_PFN + 512;
}

/** Whether a frame holds nothing but zeros, in either of them: nobody counts its references. */
export function is_frame_of_zeros(pfn: Pfn): boolean {
  return is_zero_pfn(pfn) || is_huge_zero_pfn(pfn);
}
