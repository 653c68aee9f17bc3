import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { mas_find, mas_find_detached, mas_prev } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr } from '../../../state/numbers.ts';
import { free_pgtables } from '../memory/free_pgtables.ts';
import { unmap_single_vma } from '../memory.ts';
import { tlb_finish_mmu, tlb_gather_mmu } from '../mmu_gather.ts';
import { unlink_file_vma } from './link.ts';

/**
 * Takes away the entries and the page tables of the VMAs that were taken out of the tree for `[start, end)`. The order
 * matters: entries first, then who walks all mappings of a file loses sight of the VMAs, and only at last do the TLBs
 * forget and the references go.
 * Linux: mm/vma.c unmap_region (7.2).
 */
export function* unmap_region(mm: MmId, start: Vaddr, end: Vaddr): Op {
  const below = yield* mas_prev(mm, start);
  const above = yield* mas_find(mm, end);
  const floor = below === 0 ? 0 : yield* load(vm_area_struct.vm_end, below);
  const ceiling = above === 0 ? 0 : yield* load(vm_area_struct.vm_start, above);
  yield* tlb_gather_mmu(mm);
  yield* unmap_detached_vmas(mm, start, end);
  yield* free_detached_pgtables(mm, floor, ceiling);
  yield* tlb_finish_mmu();
}

/**
 * Takes away the entries of all VMAs that the munmap under way took out of the tree.
 * Linux: mm/memory.c unmap_vmas (7.2).
 */
export function* unmap_detached_vmas(mm: MmId, start: Vaddr, end: Vaddr): Op {
  let vma = yield* mas_find_detached(mm, 0);
  while (vma !== 0) {
    yield* unmap_single_vma(vma, start, end);
    vma = yield* mas_find_detached(mm, yield* load(vm_area_struct.vm_end, vma));
  }
}

/**
 * Frees the page tables of all VMAs that the munmap under way took out of the tree, each hidden from rmap walks before.
 * Linux: mm/memory.c free_pgtables (7.2), its loop over VMAs.
 */
export function* free_detached_pgtables(mm: MmId, floor: Vaddr, ceiling: Vaddr): Op {
  let vma = yield* mas_find_detached(mm, 0);
  while (vma !== 0) {
    const next = yield* mas_find_detached(mm, yield* load(vm_area_struct.vm_end, vma));
    yield* unlink_file_vma(vma);
    yield* free_pgtables(vma, floor, next === 0 ? ceiling : yield* load(vm_area_struct.vm_start, next));
    vma = next;
  }
}
