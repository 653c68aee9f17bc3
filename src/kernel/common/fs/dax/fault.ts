import { pmd_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div, get, put } from '../../../../machine/primitives/own.ts';
import { inode } from '../../../state/inode.ts';
import { iomap } from '../../../state/iomap.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MappingId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table } from '../../../state/pgtable.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { linear_page_index } from '../../drivers/dax/device.ts';
import { vma_mapping } from '../../include/fs.ts';
import { IOMAP_WRITE } from '../../include/iomap.ts';
import { HPAGE_PMD_NR } from '../../include/pgtable_types.ts';
import {
  FAULT_FLAG_WRITE,
  PMD_ORDER,
  VM_FAULT_ERROR,
  VM_FAULT_FALLBACK,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
} from '../../include/vm_fault.ts';
import { VM_SHARED } from '../../include/vm_flags.ts';
import { split_huge_pmd } from '../../mm/huge_memory.ts';
import { iomap_begin, iomap_end } from '../iomap.ts';
import { dax_unlock_entry } from './entry_lock.ts';
import { dax_fault_iter, dax_fault_return } from './fault_iter.ts';
import { grab_mapping_entry } from './grab.ts';

/**
 * Handles a fault in a file's mapping at the level of `order`: VM_FAULT_ flags; VM_FAULT_NEEDDSYNC leaves the frame for
 * dax_finish_sync_fault in the struct vm_fault. The caller holds the file's invalidate_lock.
 * Linux: fs/dax.c dax_iomap_fault (7.2).
 */
export function* dax_iomap_fault(vma: VmaId, address: Vaddr, order: number, flags: number): Op<number> {
  if (order === 0) return yield* dax_iomap_pte_fault(vma, address, flags);
  if (order === PMD_ORDER) return yield* dax_iomap_pmd_fault(vma, address, flags);
  return VM_FAULT_FALLBACK;
}

/** Pages of a file, the last one perhaps in part. Linux: fs/dax.c dax_iomap_pmd_fault (7.2), its max_pgoff. */
export function* file_pages(mapping: MappingId): Op<number> {
  return div((yield* load(inode.i_size, mapping)) + PAGE_SIZE - 1, PAGE_SIZE);
}

/** Linux: fs/dax.c dax_iomap_pte_fault (7.2). */
export function* dax_iomap_pte_fault(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  const mapping = yield* vma_mapping(vma);
  const index = yield* linear_page_index(vma, address);
  if (index >= (yield* file_pages(mapping))) return VM_FAULT_SIGBUS;
  const entry = yield* grab_mapping_entry(mapping, index, 0);
  if (entry < 0) return -entry;
  put(vm_fault.entry, 0, entry);
  const write = flags & FAULT_FLAG_WRITE && !get(vm_fault.cow_page, 0) ? 1 : 0;
  const fault = yield* dax_iomap_pte_fault_locked(vma, address, mapping, index, write);
  yield* dax_unlock_entry(mapping, index, get(vm_fault.entry, 0));
  put(vm_fault.entry, 0, 0);
  return fault;
}

/**
 * The same with the entry locked. A huge leaf may have come meanwhile, which then serves the fault.
 * Linux: fs/dax.c dax_iomap_pte_fault (7.2), between its lock and unlock of the entry. Left out: counting major faults.
 */
export function* dax_iomap_pte_fault_locked(
  vma: VmaId,
  address: Vaddr,
  mapping: MappingId,
  index: number,
  write: number,
): Op<number> {
  if (pmd_is_huge(yield* load(pmd_table.entry, get(vm_fault.pmd, 0)))) return VM_FAULT_NOPAGE;
  const flags = write ? IOMAP_WRITE : 0;
  const error = yield* iomap_begin(mapping, index, 1, flags);
  if (error) return dax_fault_return(error);
  const fault = yield* dax_fault_iter(vma, address, mapping, index, 1, write);
  yield* iomap_end(mapping, index, 1, fault & VM_FAULT_ERROR ? 0 : 1, flags);
  return fault;
}

/** Linux: fs/dax.c dax_iomap_pmd_fault (7.2). */
export function* dax_iomap_pmd_fault(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  const mapping = yield* vma_mapping(vma);
  const index = yield* linear_page_index(vma, address);
  const max_pgoff = yield* file_pages(mapping);
  if (index >= max_pgoff) return VM_FAULT_SIGBUS;
  const fault = (yield* dax_fault_check_fallback(vma, address, index, max_pgoff, flags))
    ? VM_FAULT_FALLBACK
    : yield* dax_iomap_pmd_fault_grab(
        vma,
        address,
        mapping,
        index - (index % HPAGE_PMD_NR),
        flags & FAULT_FLAG_WRITE,
      );
  if (fault === VM_FAULT_FALLBACK) yield* split_huge_pmd(vma, get(vm_fault.pmd, 0), address);
  return fault;
}

/**
 * 1 if a fault cannot be served by a huge entry: file and addresses are not aligned alike, a private copy is to be made, or the
 * entry would reach over the mapping or the file.
 * Linux: fs/dax.c dax_fault_check_fallback (7.2).
 */
export function* dax_fault_check_fallback(
  vma: VmaId,
  address: Vaddr,
  index: number,
  max_pgoff: number,
  flags: number,
): Op<number> {
  if (index % HPAGE_PMD_NR !== address % HPAGE_PMD_NR) return 1;
  if (flags & FAULT_FLAG_WRITE && !((yield* load(vm_area_struct.vm_flags, vma)) & VM_SHARED)) return 1;
  const start = address - (address % HPAGE_PMD_NR);
  if (start < (yield* load(vm_area_struct.vm_start, vma))) return 1;
  if (start + HPAGE_PMD_NR > (yield* load(vm_area_struct.vm_end, vma))) return 1;
  return index - (index % HPAGE_PMD_NR) + HPAGE_PMD_NR > max_pgoff ? 1 : 0;
}

/** The huge fault from the lock of its entry to the unlock. Linux: fs/dax.c dax_iomap_pmd_fault (7.2). */
export function* dax_iomap_pmd_fault_grab(
  vma: VmaId,
  address: Vaddr,
  mapping: MappingId,
  index: number,
  write: number,
): Op<number> {
  const entry = yield* grab_mapping_entry(mapping, index, PMD_ORDER);
  if (entry < 0) return -entry;
  put(vm_fault.entry, 0, entry);
  const fault = yield* dax_iomap_pmd_fault_locked(vma, address, mapping, index, write);
  yield* dax_unlock_entry(mapping, index, get(vm_fault.entry, 0));
  put(vm_fault.entry, 0, 0);
  return fault;
}

/**
 * The same with the entry locked. A table may have come meanwhile, with which the fault is tried again; and what the file
 * system has in one piece may be smaller.
 * Linux: fs/dax.c dax_iomap_pmd_fault (7.2), between its lock and unlock of the entry.
 */
export function* dax_iomap_pmd_fault_locked(
  vma: VmaId,
  address: Vaddr,
  mapping: MappingId,
  index: number,
  write: number,
): Op<number> {
  const pmd = yield* load(pmd_table.entry, get(vm_fault.pmd, 0));
  if (!pte_none(pmd) && !pmd_is_huge(pmd)) return 0;
  const flags = write ? IOMAP_WRITE : 0;
  if (yield* iomap_begin(mapping, index, HPAGE_PMD_NR, flags)) return VM_FAULT_FALLBACK;
  const fault =
    get(iomap.length, 0) < HPAGE_PMD_NR
      ? VM_FAULT_FALLBACK
      : yield* dax_fault_iter(vma, address, mapping, index, HPAGE_PMD_NR, write);
  yield* iomap_end(mapping, index, HPAGE_PMD_NR, fault === VM_FAULT_FALLBACK ? 0 : HPAGE_PMD_NR, flags);
  return fault;
}
