import { div } from '../../../../machine/primitives/own.ts';
import {
  DAX_EMPTY,
  DAX_ENTRY_UNIT,
  DAX_LOCKED,
  DAX_PMD,
  DAX_ZERO_PAGE,
} from '../../../state/address_space.ts';
import type { Pfn } from '../../../state/numbers.ts';
import { PMD_ORDER } from '../../include/vm_fault.ts';

/*
 * What an entry of a DAX file's i_pages says (fs/dax.c). It is one integer, frame number * 16 + DAX_ flags; 0 is none.
 */

/** What a look-up answers where an entry is smaller than the one that is wanted. Linux: include/linux/xarray.h XA_RETRY_ENTRY (7.2). */
export const XA_RETRY_ENTRY = -1;

/** Linux: fs/dax.c dax_to_pfn (7.2). */
export function dax_to_pfn(entry: number): Pfn {
  return div(entry, DAX_ENTRY_UNIT);
}

/** Linux: fs/dax.c dax_make_entry (7.2). */
export function dax_make_entry(pfn: Pfn, flags: number): number {
  return pfn * DAX_ENTRY_UNIT + flags;
}

/** Linux: fs/dax.c dax_is_locked (7.2). */
export function dax_is_locked(entry: number): boolean {
  return (entry & DAX_LOCKED) !== 0;
}

/** Linux: fs/dax.c dax_is_pmd_entry (7.2). */
export function dax_is_pmd_entry(entry: number): boolean {
  return (entry & DAX_PMD) !== 0;
}

/** Whether an entry stands for a hole that was read. Linux: fs/dax.c dax_is_zero_entry (7.2). */
export function dax_is_zero_entry(entry: number): boolean {
  return (entry & DAX_ZERO_PAGE) !== 0;
}

/** Whether an entry is no more than a lock that a fault took. Linux: fs/dax.c dax_is_empty_entry (7.2). */
export function dax_is_empty_entry(entry: number): boolean {
  return (entry & DAX_EMPTY) !== 0;
}

/** Linux: fs/dax.c dax_is_conflict (7.2). */
export function dax_is_conflict(entry: number): boolean {
  return entry === XA_RETRY_ENTRY;
}

/** Linux: fs/dax.c dax_entry_order (7.2). */
export function dax_entry_order(entry: number): number {
  return (entry & DAX_PMD) !== 0 ? PMD_ORDER : 0;
}

/**
 * Pages whose owner an entry names: none where it is a hole or a lock alone.
 * Linux: fs/dax.c dax_entry_size (7.2).
 */
export function dax_entry_size(entry: number): number {
  return (entry & (DAX_ZERO_PAGE | DAX_EMPTY)) !== 0 ? 0 : 1 << dax_entry_order(entry);
}

/** The first index that an entry found at `index` stands for. Linux: include/linux/xarray.h xas_set_order (7.2), its rounding. */
export function dax_entry_start(entry: number, index: number): number {
  return (entry & DAX_PMD) !== 0 ? index - (index % (1 << PMD_ORDER)) : index;
}
