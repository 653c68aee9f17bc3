import { dax_disassociate_entry } from '#scheme/fs/dax/associate.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { address_space, DAX_EMPTY, DAX_PMD } from '../../../state/address_space.ts';
import type { MappingId } from '../../../state/numbers.ts';
import { xas_store } from '../../../state/xarray.ts';
import { HPAGE_PMD_NR } from '../../include/pgtable_types.ts';
import { VM_FAULT_FALLBACK } from '../../include/vm_fault.ts';
import { unmap_mapping_pages } from '../../mm/memory.ts';
import {
  dax_entry_order,
  dax_is_conflict,
  dax_is_empty_entry,
  dax_is_pmd_entry,
  dax_is_zero_entry,
  dax_make_entry,
} from './entries.ts';
import {
  dax_lock_entry,
  dax_wake_entry,
  get_next_unlocked_entry,
  WAKE_ALL,
  xas_lock_irq,
  xas_unlock_irq,
} from './entry_lock.ts';

/**
 * Locks the entry of a page for a fault, creating it if there is none: the entry as it was, or VM_FAULT_FALLBACK, negated, if
 * smaller ones stand where one of `order` 9 is wanted. A huge hole or a huge lock makes way for small entries.
 * Linux: fs/dax.c grab_mapping_entry (7.2). Left out: running out of memory, entries that are no DAX entries.
 */
export function* grab_mapping_entry(mapping: MappingId, index: number, order: number): Op<number> {
  yield* xas_lock_irq(mapping);
  let entry = yield* get_next_unlocked_entry(mapping, index, order);
  if (dax_is_conflict(entry)) {
    yield* xas_unlock_irq(mapping);
    return -VM_FAULT_FALLBACK;
  }
  if (order === 0 && dax_entry_makes_way(entry)) {
    yield* dax_downgrade_entry(mapping, index, entry);
    entry = 0;
  }
  if (entry === 0) entry = yield* dax_create_entry(mapping, index, order);
  else yield* dax_lock_entry(mapping, index, entry);
  yield* xas_unlock_irq(mapping);
  return entry;
}

/** Whether an entry of order 9 has no block, so that a fault of one page may replace it. Linux: fs/dax.c grab_mapping_entry (7.2), its pmd_downgrade. */
export function dax_entry_makes_way(entry: number): boolean {
  return dax_is_pmd_entry(entry) && (dax_is_zero_entry(entry) || dax_is_empty_entry(entry));
}

/**
 * Takes an entry of order 9 away that has no block, and what maps it; everyone who waits for it has to look again. The
 * caller holds xa_lock, which is dropped while entries of page tables go.
 * Linux: fs/dax.c grab_mapping_entry (7.2), its part for pmd_downgrade.
 */
export function* dax_downgrade_entry(mapping: MappingId, index: number, entry: number): Op {
  yield* dax_lock_entry(mapping, index, entry);
  if (dax_is_zero_entry(entry)) {
    yield* xas_unlock_irq(mapping);
    yield* dax_unmap_entry(mapping, index, entry);
    yield* xas_lock_irq(mapping);
  }
  yield* dax_disassociate_entry(entry, mapping, 0);
  yield* xas_store(mapping, index, 0);
  yield* dax_wake_entry(mapping, index, entry, WAKE_ALL);
  yield* store(address_space.nrpages, mapping, (yield* load(address_space.nrpages, mapping)) - HPAGE_PMD_NR);
}

/**
 * Takes away all page-table entries of the pages that a DAX entry stands for; private copies stay.
 * Linux: fs/dax.c grab_mapping_entry, dax_insert_entry (7.2), their unmap_mapping_pages.
 */
export function* dax_unmap_entry(mapping: MappingId, index: number, entry: number): Op {
  const nr = 1 << dax_entry_order(entry);
  const first = index - (index % nr);
  yield* unmap_mapping_pages(mapping, first, first + nr - 1, 0);
}

/** Puts a locked entry in that is no more than a lock so far. Linux: fs/dax.c grab_mapping_entry (7.2), where there was none. */
export function* dax_create_entry(mapping: MappingId, index: number, order: number): Op<number> {
  const entry = dax_make_entry(0, order === 0 ? DAX_EMPTY : DAX_EMPTY | DAX_PMD);
  yield* dax_lock_entry(mapping, index, entry);
  const nrpages = yield* load(address_space.nrpages, mapping);
  yield* store(address_space.nrpages, mapping, nrpages + (1 << order));
  return entry;
}
