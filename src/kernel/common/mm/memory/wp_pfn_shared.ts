import type { Op } from '../../../../machine/primitive.ts';
import type { Entry, PteSlot } from '../../../state/numbers.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { VM_FAULT_ASK_OWNER } from '../../include/vm_fault.ts';
import { VM_WRITENOTIFY } from '../../include/vm_flags.ts';
import { wp_page_reuse } from './wp_page_reuse.ts';

/**
 * A write to a shared mapping's entry whose page the kernel does not count, or whose owner wants to hear of it: the owner
 * makes it writable, if there is one that does, which the caller asks. The entry is locked, and unlocked here.
 * Linux: mm/memory.c wp_pfn_shared (7.2). Left out: owners that leave the entry to finish_mkwrite_fault.
 */
export function* wp_pfn_shared(pte: PteSlot, orig: Entry, vm_flags: number): Op<number> {
  if (vm_flags & VM_WRITENOTIFY) {
    yield* pte_unmap_unlock(pte);
    return VM_FAULT_ASK_OWNER;
  }
  yield* wp_page_reuse(pte, orig, vm_flags);
  return 0;
}
