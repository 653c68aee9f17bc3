import { pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import {
  vm_area_free,
  vma_interval_tree_insert,
  vma_interval_tree_remove,
  vma_set_range,
} from '../../../state/maple_tree.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pud_table } from '../../../state/pgtable.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { fput } from '../../fs/file.ts';
import { CONFIG_FS_DAX } from '../../include/config.ts';
import { i_mmap_lock_write, i_mmap_unlock_write, vma_mapping } from '../../include/fs.ts';
import { HPAGE_PMD_NR, pgd_slot } from '../../include/pgtable_types.ts';
import { pmd_offset, pud_offset } from '../../include/pgtable_walk.ts';
import { __split_huge_pmd } from '../huge_memory.ts';

/**
 * Carries a merge out: `target` gets `[start, end)` from page `pgoff` of its file; `shrunk` (0: none) gives up what it
 * loses to it; `removed` and `removed2` (0: none) go altogether. The caller has write-locked them all.
 * Linux: mm/vma.c commit_merge, vma_prepare, vma_complete (7.2).
 */
export function* commit_merge(
  target: VmaId,
  start: Vaddr,
  end: Vaddr,
  pgoff: number,
  shrunk: VmaId,
  removed: VmaId,
  removed2: VmaId,
): Op {
  const mapping = yield* vma_mapping(target);
  yield* i_mmap_lock_write(mapping);
  yield* vma_interval_tree_remove(target);
  if (shrunk !== 0) {
    yield* vma_interval_tree_remove(shrunk);
    yield* vma_give_up(shrunk, start, end);
    yield* vma_interval_tree_insert(shrunk);
  }
  yield* vma_set_range(target, start, end, pgoff);
  yield* vma_interval_tree_insert(target);
  if (removed !== 0) yield* vma_interval_tree_remove(removed);
  if (removed2 !== 0) yield* vma_interval_tree_remove(removed2);
  yield* i_mmap_unlock_write(mapping);
  yield* dup_anon_vma(target, shrunk);
  yield* dup_anon_vma(target, removed);
  yield* dup_anon_vma(target, removed2);
  if (removed !== 0) yield* vma_dispose(removed);
  if (removed2 !== 0) yield* vma_dispose(removed2);
}

/**
 * Notes that a VMA gets pages of another (0: none) which has private ones.
 * Linux: mm/vma.c dup_anon_vma (7.2).
 */
export function* dup_anon_vma(target: VmaId, source: VmaId): Op {
  if (!CONFIG_FS_DAX || source === 0) return;
  if (yield* load(vm_area_struct.anon_vma, source)) yield* store(vm_area_struct.anon_vma, target, 1);
}

/**
 * Cuts off a VMA what overlaps `[start, end)`, which reaches over one of its ends. Unlike before a split, the driver is not
 * asked whether it allows that.
 * Linux: mm/vma.c vmg_adjust_set_range (7.2).
 */
export function* vma_give_up(vma: VmaId, start: Vaddr, end: Vaddr): Op {
  const vma_start = yield* load(vm_area_struct.vm_start, vma);
  const vma_end = yield* load(vm_area_struct.vm_end, vma);
  const vma_pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  yield* vma_adjust_trans_huge(vma, vma_start < start ? start : end);
  if (vma_start < start) yield* vma_set_range(vma, vma_start, start, vma_pgoff);
  else yield* vma_set_range(vma, end, vma_end, vma_pgoff + end - vma_start);
}

/**
 * Disposes of a VMA that was merged into another.
 * Linux: mm/vma.c vma_complete (7.2), its end.
 */
export function* vma_dispose(vma: VmaId): Op {
  yield* store(vm_area_struct.attached, vma, 0);
  yield* fput(yield* load(vm_area_struct.vm_file, vma));
  yield* vm_area_free(vma);
}

/**
 * Does away with a PMD leaf of a VMA that the VMA's new border would cut through.
 * Linux: mm/huge_memory.c vma_adjust_trans_huge, split_huge_pmd_if_needed, split_huge_pmd_address (7.2).
 */
export function* vma_adjust_trans_huge(vma: VmaId, border: Vaddr): Op {
  if (border % HPAGE_PMD_NR === 0) return;
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const p4d = yield* load(pgd_table.entry, pgd_slot(yield* load(mm_struct.pgd, mm), border));
  if (pte_none(p4d)) return;
  const pud = yield* load(pud_table.entry, pud_offset(p4d, border));
  if (pte_none(pud) || pud_is_huge(pud)) return;
  yield* __split_huge_pmd(mm, pmd_offset(pud, border), border);
}
