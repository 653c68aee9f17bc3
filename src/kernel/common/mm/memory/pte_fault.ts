import { do_wp_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { spin_lock } from '../../../../machine/primitives/locks.ts';
import type { Entry, PmdSlot, PteSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table, ptdesc, pte_table } from '../../../state/pgtable.ts';
import { pte_mkdirty, pte_mkyoung, pte_none, pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { ptep_set_access_flags } from '../../arch/x86/mm/pgtable.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { table_of_slot } from '../../include/pgtable_types.ts';
import { FAULT_FLAG_VMA_LOCK, FAULT_FLAG_WRITE, VM_FAULT_RETRY } from '../../include/vm_fault.ts';
import { vm_ops_fault } from '../../include/vm_operations.ts';
import { pte_offset_map } from '../pgtable-generic.ts';

/**
 * The fault at the level of 4 KiB.
 * Linux: mm/memory.c handle_pte_fault, do_pte_missing (7.2). Left out: anonymous memory, swap, NUMA hinting.
 */
export function* handle_pte_fault(
  vma: VmaId,
  address: Vaddr,
  flags: number,
  vm_flags: number,
  pmd: PmdSlot,
): Op<number> {
  let pte: PteSlot = 0;
  let orig: Entry = 0;
  if (!pte_none(yield* load(pmd_table.entry, pmd))) {
    pte = yield* pte_offset_map(pmd, address);
    if (pte === 0) return 0;
    orig = yield* load(pte_table.entry, pte);
  }
  if (pte_none(orig)) return yield* do_fault(vma, address, flags);
  yield* spin_lock(ptdesc.ptl, table_of_slot(pte));
  if ((yield* load(pte_table.entry, pte)) !== orig) {
    yield* pte_unmap_unlock(pte);
    return 0;
  }
  if (flags & FAULT_FLAG_WRITE && !pte_write(orig)) return yield* do_wp_page(pte, orig, vm_flags);
  const entry = flags & FAULT_FLAG_WRITE ? pte_mkdirty(pte_mkyoung(orig)) : pte_mkyoung(orig);
  yield* ptep_set_access_flags(pte, orig, entry, flags & FAULT_FLAG_WRITE);
  yield* pte_unmap_unlock(pte);
  return 0;
}

/**
 * Asks the driver for a page. Without map_pages, which device-DAX has not, this is not done under the VMA's lock.
 * Linux: mm/memory.c do_fault, do_read_fault, do_shared_fault, vmf_can_call_fault, __do_fault (7.2). Left out: a table
 * allocated in advance, which device-DAX does not use; private mappings, which it refuses.
 */
export function* do_fault(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  if (flags & FAULT_FLAG_VMA_LOCK) return VM_FAULT_RETRY;
  return yield* vm_ops_fault(vma, address, flags);
}
