import { dax_fault_insert } from '#scheme/fs/dax/fault.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { get, put } from '../../../../machine/primitives/own.ts';
import type { Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { linear_page_index } from '../../drivers/dax/device.ts';
import { vma_mapping } from '../../include/fs.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from '../../include/vm_fault.ts';
import { vfs_fsync_range } from '../sync.ts';
import { dax_is_conflict, dax_is_pmd_entry } from './entries.ts';
import {
  dax_lock_entry,
  dax_unlock_entry,
  get_next_unlocked_entry,
  put_unlocked_entry,
  WAKE_NEXT,
  xas_lock_irq,
  xas_unlock_irq,
} from './entry_lock.ts';
import { dax_mark_entry_dirty } from './insert.ts';

/**
 * Ends a synchronous fault: makes `2 ** order` pages of the file durable, from the one that was touched on and not from the
 * first of the entry, and what is known of the file; then maps for writing what dax_iomap_fault left in the struct vm_fault.
 * VM_FAULT_ flags.
 * Linux: fs/dax.c dax_finish_sync_fault (7.2).
 */
export function* dax_finish_sync_fault(vma: VmaId, address: Vaddr, order: number): Op<number> {
  const pfn = get(vm_fault.pfn, 0);
  put(vm_fault.pfn, 0, 0);
  const index = yield* linear_page_index(vma, address);
  if (yield* vfs_fsync_range(yield* vma_mapping(vma), index, index + (1 << order) - 1))
    return VM_FAULT_SIGBUS;
  return yield* dax_insert_pfn_mkwrite(vma, address, pfn, order);
}

/**
 * Maps a frame for writing, unless its entry went or changed its size since it was chosen: the access is tried again then.
 * Linux: fs/dax.c dax_insert_pfn_mkwrite (7.2).
 */
export function* dax_insert_pfn_mkwrite(vma: VmaId, address: Vaddr, pfn: Pfn, order: number): Op<number> {
  const mapping = yield* vma_mapping(vma);
  const found = yield* linear_page_index(vma, address);
  const index = found - (found % (1 << order));
  yield* xas_lock_irq(mapping);
  const entry = yield* get_next_unlocked_entry(mapping, index, order);
  if (entry === 0 || dax_is_conflict(entry) || (order === 0 && dax_is_pmd_entry(entry))) {
    yield* put_unlocked_entry(mapping, index, entry, WAKE_NEXT);
    yield* xas_unlock_irq(mapping);
    return VM_FAULT_NOPAGE;
  }
  yield* dax_mark_entry_dirty(mapping, index);
  yield* dax_lock_entry(mapping, index, entry);
  yield* xas_unlock_irq(mapping);
  const fault = yield* dax_fault_insert(vma, address, entry, pfn, 1 << order, 1);
  yield* dax_unlock_entry(mapping, index, entry);
  return fault;
}
