import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import {
  vm_area_free,
  vma_interval_tree_insert,
  vma_interval_tree_remove,
  vma_set_range,
} from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Vaddr, VmaId } from '../../../state/numbers.ts';
import { vma_dev_dax } from '../../drivers/dax/device.ts';
import { fput } from '../../fs/file.ts';
import { i_mmap_lock_write, i_mmap_unlock_write } from '../../include/fs.ts';

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
  const mapping = yield* vma_dev_dax(target);
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
  if (removed !== 0) yield* vma_dispose(removed);
  if (removed2 !== 0) yield* vma_dispose(removed2);
}

/**
 * Cuts off a VMA what overlaps `[start, end)`, which reaches over one of its ends.
 * Linux: mm/vma.c vmg_adjust_set_range (7.2).
 */
export function* vma_give_up(vma: VmaId, start: Vaddr, end: Vaddr): Op {
  const vma_start = yield* load(vm_area_struct.vm_start, vma);
  const vma_end = yield* load(vm_area_struct.vm_end, vma);
  const vma_pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
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
