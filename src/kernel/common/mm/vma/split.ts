import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import {
  vm_area_dup,
  vma_interval_tree_insert,
  vma_interval_tree_remove,
  vma_set_range,
} from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Vaddr, VmaId } from '../../../state/numbers.ts';
import { get_file } from '../../fs/file.ts';
import { i_mmap_lock_write, i_mmap_unlock_write, vma_mapping } from '../../include/fs.ts';
import { vma_start_write } from '../../include/mmap_lock.ts';
import { vm_ops_may_split, vma_maps_file } from '../../include/vm_operations.ts';
import { vma_adjust_trans_huge } from './commit_merge.ts';

/**
 * Splits a VMA in two at `address`. `vma` stays the upper part if `new_below`, else the lower one. 0, or -EINVAL
 * where the driver refuses: inside of what one huge entry maps.
 * Linux: mm/vma.c __split_vma (7.2). Left out: vma_adjust_trans_huge for devices, since the driver's refusal leaves no huge
 * entry across the border; running out of memory and of VMAs.
 */
export function* __split_vma(vma: VmaId, address: Vaddr, new_below: number): Op<number> {
  const error = yield* vm_ops_may_split(vma, address);
  if (error !== 0) return error;
  const start = yield* load(vm_area_struct.vm_start, vma);
  const end = yield* load(vm_area_struct.vm_end, vma);
  const pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  const fresh = yield* vm_area_dup(vma, yield* load(vm_area_struct.vm_mm, vma));
  if (new_below) yield* vma_set_range(fresh, start, address, pgoff);
  else yield* vma_set_range(fresh, address, end, pgoff + address - start);
  yield* get_file(yield* load(vm_area_struct.vm_file, fresh));
  yield* vma_start_write(vma);
  yield* vma_start_write(fresh);
  const mapping = yield* vma_mapping(vma);
  yield* i_mmap_lock_write(mapping);
  yield* vma_interval_tree_insert(fresh);
  yield* vma_interval_tree_remove(vma);
  if (yield* vma_maps_file(vma)) yield* vma_adjust_trans_huge(vma, address);
  if (new_below) yield* vma_set_range(vma, address, end, pgoff + address - start);
  else yield* vma_set_range(vma, start, address, pgoff);
  yield* vma_interval_tree_insert(vma);
  yield* store(vm_area_struct.attached, fresh, 1);
  yield* i_mmap_unlock_write(mapping);
  return 0;
}
