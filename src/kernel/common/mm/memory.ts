import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { max, min, page_fault_noticed, put } from '../../../machine/primitives/own.ts';
import { mmu_gather } from '../../state/gather.ts';
import { vma_interval_tree_next } from '../../state/maple_tree.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { MappingId, Vaddr, VmaId } from '../../state/numbers.ts';
import { vm_fault } from '../../state/vm_fault.ts';
import { i_mmap_lock_read, i_mmap_unlock_read, LAST_PGOFF } from '../include/fs.ts';
import { __handle_mm_fault } from './memory/handle_mm_fault.ts';
import { unmap_page_range } from './memory/zap.ts';
import { tlb_finish_mmu, tlb_gather_mmu } from './mmu_gather.ts';

/**
 * Handles a fault in a VMA that the caller keeps locked, either itself (FAULT_FLAG_VMA_LOCK) or with its address space:
 * VM_FAULT_ flags. VM_FAULT_RETRY asks to come back with the address space locked. Unlike in Linux, the caller
 * unlocks in that case too: between the two places lies no access to anything shared.
 * Linux: mm/memory.c handle_mm_fault (7.2). Left out: protection keys, accounting, memory cgroups, aging.
 */
export function* handle_mm_fault(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  page_fault_noticed(address);
  const fault = yield* __handle_mm_fault(vma, address, flags);
  put(vm_fault.pud, 0, 0);
  put(vm_fault.pmd, 0, 0);
  return fault;
}

/**
 * Takes away the entries of the part of a VMA that lies in `[start, end)`, within the mmu_gather of the thread.
 * Linux: mm/memory.c unmap_single_vma (7.2); unmap_vmas is the caller's loop over it.
 */
export function* unmap_single_vma(vma: VmaId, start: Vaddr, end: Vaddr): Op {
  const vm_start = yield* load(vm_area_struct.vm_start, vma);
  const vm_end = yield* load(vm_area_struct.vm_end, vma);
  const from = max(start, vm_start);
  const to = min(end, vm_end);
  if (from < to) yield* unmap_page_range(vma, from, to);
}

/**
 * Takes away the entries of `[start, end)` of one VMA, and gives back what they mapped.
 * Linux: mm/memory.c zap_page_range_single (7.2). Left out: MMU notifiers.
 */
export function* zap_page_range_single(vma: VmaId, start: Vaddr, end: Vaddr): Op {
  yield* tlb_gather_mmu(yield* load(vm_area_struct.vm_mm, vma));
  yield* unmap_single_vma(vma, start, end);
  yield* tlb_finish_mmu();
}

/**
 * Takes away all entries, in every address space, that map `holelen` pages of an address_space from page `holebegin` on; to
 * its end if `holelen` is 0. Private copies of such pages go only if `even_cows`.
 * Linux: mm/memory.c unmap_mapping_range (7.2).
 */
export function* unmap_mapping_range(
  mapping: MappingId,
  holebegin: number,
  holelen: number,
  even_cows: number,
): Op {
  const last = holelen === 0 ? LAST_PGOFF : holebegin + holelen - 1;
  yield* unmap_mapping_pages(mapping, holebegin, last, even_cows);
}

/**
 * The same for pages `first` to `last`: private copies of them go only if `even_cows`. i_mmap_rwsem keeps VMAs from coming, going and changing their place.
 * Linux: mm/memory.c unmap_mapping_pages, unmap_mapping_range_tree (7.2).
 */
export function* unmap_mapping_pages(mapping: MappingId, first: number, last: number, even_cows: number): Op {
  yield* i_mmap_lock_read(mapping);
  put(mmu_gather.spare_cows, 0, even_cows ? 0 : 1);
  let vma = yield* vma_interval_tree_next(mapping, 0, first, last);
  while (vma !== 0) {
    const pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
    const vm_start = yield* load(vm_area_struct.vm_start, vma);
    const vm_end = yield* load(vm_area_struct.vm_end, vma);
    const from = max(first, pgoff);
    const to = min(last, pgoff + vm_end - vm_start - 1);
    yield* zap_page_range_single(vma, vm_start + from - pgoff, vm_start + to - pgoff + 1);
    vma = yield* vma_interval_tree_next(mapping, vma, first, last);
  }
  put(mmu_gather.spare_cows, 0, 0);
  yield* i_mmap_unlock_read(mapping);
}
