import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { vm_area_dup, vma_set_range } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { get_file } from '../../fs/file.ts';
import { MREMAP_DONTUNMAP } from '../../include/mman.ts';
import { vma_start_write } from '../../include/mmap_lock.ts';
import { vm_ops_may_split } from '../../include/vm_operations.ts';
import { dup_anon_vma } from '../vma/commit_merge.ts';
import { vma_link_file } from '../vma/link.ts';
import { vma_merge_new_range } from '../vma/merge.ts';
import { do_munmap } from '../vma/munmap.ts';
import { move_page_tables } from './move_page_tables.ts';

/**
 * Moves `old_length` pages of a VMA to `new_address`, where they become `new_length`; the new address, or -EINVAL if
 * that would split the VMA where the driver does not allow it.
 * Linux: mm/mremap.c move_vma, copy_vma_and_data, unmap_source_vma (7.2). Left out: running out of memory half-way.
 */
export function* move_vma(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  new_address: Vaddr,
  flags: number,
): Op<number> {
  const refused = yield* prep_move_vma(vma, address, address + old_length);
  if (refused !== 0) return refused;
  yield* vma_start_write(vma);
  const copy = yield* copy_vma(vma, address, new_address, new_length);
  const need_rmap_locks = yield* copy_needs_rmap_locks(vma, copy, new_address, new_length);
  yield* move_page_tables(vma, copy, address, address + old_length, new_address, need_rmap_locks);
  if (!(flags & MREMAP_DONTUNMAP) && old_length !== 0) yield* do_munmap(mm, address, address + old_length);
  return new_address;
}

/**
 * Asks the driver about the splits that unmapping the old range will need.
 * Linux: mm/mremap.c prep_move_vma (7.2).
 */
export function* prep_move_vma(vma: VmaId, start: Vaddr, end: Vaddr): Op<number> {
  if ((yield* load(vm_area_struct.vm_start, vma)) !== start) {
    const refused = yield* vm_ops_may_split(vma, start);
    if (refused !== 0) return refused;
  }
  if ((yield* load(vm_area_struct.vm_end, vma)) === end) return 0;
  return yield* vm_ops_may_split(vma, end);
}

/**
 * A VMA for `length` pages at `new_address` that maps what `vma` maps from `address` on: a new one, or a neighbour that
 * could be lengthened.
 * Linux: mm/vma.c copy_vma, vma_link (7.2).
 */
export function* copy_vma(vma: VmaId, address: Vaddr, new_address: Vaddr, length: number): Op<VmaId> {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  const file = yield* load(vm_area_struct.vm_file, vma);
  const vm_pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  const pgoff = vm_pgoff + address - (yield* load(vm_area_struct.vm_start, vma));
  const end = new_address + length;
  const merged = yield* vma_merge_new_range(mm, new_address, end, pgoff, flags, file);
  if (merged !== 0) {
    yield* dup_anon_vma(merged, vma);
    return merged;
  }
  const copy = yield* vm_area_dup(vma, mm);
  yield* vma_set_range(copy, new_address, end, pgoff);
  yield* get_file(file);
  yield* vma_start_write(copy);
  yield* store(vm_area_struct.attached, copy, 1);
  yield* vma_link_file(copy);
  return copy;
}

/**
 * Whether who walks all mappings of the file might come to the copy before the original, and so miss entries on their
 * way: not if the copy is new, as it then stands behind.
 * Linux: mm/vma.c copy_vma (7.2), need_rmap_locks.
 */
export function* copy_needs_rmap_locks(
  vma: VmaId,
  copy: VmaId,
  new_address: Vaddr,
  length: number,
): Op<number> {
  const start = yield* load(vm_area_struct.vm_start, copy);
  const end = yield* load(vm_area_struct.vm_end, copy);
  if (start === new_address && end === new_address + length) return 0;
  const pgoff = yield* load(vm_area_struct.vm_pgoff, copy);
  return pgoff <= (yield* load(vm_area_struct.vm_pgoff, vma)) ? 1 : 0;
}
