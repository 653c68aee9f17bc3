import { do_wp_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { spin_lock } from '../../../../machine/primitives/locks.ts';
import type { Entry, PmdSlot, PteSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table, ptdesc, pte_table } from '../../../state/pgtable.ts';
import { pte_mkdirty, pte_mkyoung, pte_none, pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { ptep_set_access_flags } from '../../arch/x86/mm/pgtable.ts';
import { CONFIG_FS_DAX } from '../../include/config.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { table_of_slot } from '../../include/pgtable_types.ts';
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_ASK_OWNER,
  VM_FAULT_RETRY,
} from '../../include/vm_fault.ts';
import { VM_SHARED } from '../../include/vm_flags.ts';
import { vm_ops_has_map_pages, vm_ops_huge_fault } from '../../include/vm_operations.ts';
import { pte_offset_map } from '../pgtable-generic.ts';
import { finish_cow_fault, prepare_cow_fault } from './cow_fault.ts';

/**
 * The fault at the level of 4 KiB.
 * Linux: mm/memory.c handle_pte_fault, do_pte_missing (7.2). Left out: memory without a file, swap, NUMA hinting.
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
  if (!pte_none(orig)) {
    const fault = yield* handle_present_pte(vma, address, flags, vm_flags, pte, orig);
    if (fault !== VM_FAULT_ASK_OWNER) return fault;
  }
  return yield* do_fault(vma, address, flags, vm_flags);
}

/**
 * The fault where an entry stands; VM_FAULT_ASK_OWNER where only the owner can make it writable.
 * Linux: mm/memory.c handle_pte_fault (7.2), from its lock on.
 */
export function* handle_present_pte(
  vma: VmaId,
  address: Vaddr,
  flags: number,
  vm_flags: number,
  pte: PteSlot,
  orig: Entry,
): Op<number> {
  yield* spin_lock(ptdesc.ptl, table_of_slot(pte));
  if ((yield* load(pte_table.entry, pte)) !== orig) {
    yield* pte_unmap_unlock(pte);
    return 0;
  }
  if (flags & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE) && !pte_write(orig))
    return yield* do_wp_page(vma, address, flags, pte, orig, vm_flags);
  const entry = flags & FAULT_FLAG_WRITE ? pte_mkdirty(pte_mkyoung(orig)) : pte_mkyoung(orig);
  yield* ptep_set_access_flags(pte, orig, entry, flags & FAULT_FLAG_WRITE);
  yield* pte_unmap_unlock(pte);
  return 0;
}

/**
 * Asks the owner for a page, or for leave to write to one, which is the same function of DAX files. A private mapping that is
 * written to gets a page of its own, which the owner fills.
 * Linux: mm/memory.c do_fault, do_read_fault, do_cow_fault, do_shared_fault, __do_fault, wp_pfn_shared (7.2). Left out: a
 * table allocated in advance, which DAX does not use; mapping what lies around, as no file on DAX has pages in a cache.
 */
export function* do_fault(vma: VmaId, address: Vaddr, flags: number, vm_flags: number): Op<number> {
  const retry = yield* vmf_can_call_fault(vma, flags);
  if (retry) return retry;
  const refused = is_cow_fault(flags, vm_flags) ? yield* prepare_cow_fault(vma, flags) : 0;
  if (refused) return refused;
  const fault = yield* vm_ops_huge_fault(vma, address, 0, flags);
  return is_cow_fault(flags, vm_flags) ? yield* finish_cow_fault(fault) : fault;
}

/** Whether a fault makes a private copy. Linux: mm/memory.c do_fault (7.2), its tests. */
export function is_cow_fault(flags: number, vm_flags: number): boolean {
  return CONFIG_FS_DAX !== 0 && (flags & FAULT_FLAG_WRITE) !== 0 && (vm_flags & VM_SHARED) === 0;
}

/**
 * 0 if the owner may be asked, or VM_FAULT_RETRY: without map_pages, which device-DAX and ext4's DAX files have not, this is
 * not done under the VMA's lock.
 * Linux: mm/memory.c vmf_can_call_fault (7.2).
 */
export function* vmf_can_call_fault(vma: VmaId, flags: number): Op<number> {
  if (!(flags & FAULT_FLAG_VMA_LOCK)) return 0;
  return (yield* vm_ops_has_map_pages(vma)) ? 0 : VM_FAULT_RETRY;
}
