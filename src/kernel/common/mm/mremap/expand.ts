import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { ENOMEM } from '../../include/errno.ts';
import { MMAP_BASE, MREMAP_MAYMOVE } from '../../include/mman.ts';
import { mmap_write_unlock } from '../../include/mmap_lock.ts';
import { vma_find } from '../vma/find.ts';
import { vma_merge_new_range } from '../vma/merge.ts';
import { do_munmap_and_unlock } from '../vma/munmap.ts';
import { move_vma } from './move_vma.ts';
import { check_prep_vma, vrm_set_new_addr } from './mremap_to.ts';

/**
 * Shortens a mapping, or lengthens it where it is, or else anywhere else; the address then, or a negative errno. Gives mmap_lock
 * back, which the caller has for writing.
 * Linux: mm/mremap.c mremap_at (7.2).
 */
export function* mremap_at(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
): Op<number> {
  if (new_length < old_length) {
    const error = yield* do_munmap_and_unlock(mm, address + new_length, address + old_length);
    return error !== 0 ? error : address;
  }
  const moved =
    new_length === old_length ? address : yield* expand_vma(mm, vma, address, old_length, new_length, flags);
  yield* mmap_write_unlock(mm);
  return moved;
}

/**
 * Lengthens a mapping where it is, or else anywhere else; the address then, or a negative errno.
 * Linux: mm/mremap.c expand_vma, expand_vma_in_place (7.2).
 */
export function* expand_vma(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
): Op<number> {
  const refused = yield* check_prep_vma(vma, address, old_length);
  if (refused !== 0) return refused;
  const end = yield* load(vm_area_struct.vm_end, vma);
  if (end - address === old_length && (yield* vma_expandable(mm, end, new_length - old_length))) {
    yield* vma_merge_extend(vma, new_length - old_length);
    return address;
  }
  if (!(flags & MREMAP_MAYMOVE)) return -ENOMEM;
  const target = yield* vrm_set_new_addr(mm, vma, address, new_length, 0, 0);
  if (target < 0) return target;
  return yield* move_vma(mm, vma, address, old_length, new_length, target, flags);
}

/**
 * 1 if `delta` pages behind a VMA that ends at `end` are free. At the top of a real process, where the search for addresses starts,
 * lie its program and libraries, which the model leaves out: nothing grows into them.
 * Linux: mm/mremap.c vma_expandable (7.2), which compares with TASK_SIZE.
 */
export function* vma_expandable(mm: MmId, end: Vaddr, delta: number): Op<number> {
  if (end + delta > MMAP_BASE) return 0;
  return (yield* vma_find(mm, end, end + delta)) === 0 ? 1 : 0;
}

/**
 * Lengthens a VMA by `delta` pages, which the caller knows are free. The driver is not asked.
 * Linux: mm/vma.c vma_merge_extend (7.2).
 */
export function* vma_merge_extend(vma: VmaId, delta: number): Op {
  const start = yield* load(vm_area_struct.vm_start, vma);
  const end = yield* load(vm_area_struct.vm_end, vma);
  const pgoff = (yield* load(vm_area_struct.vm_pgoff, vma)) + end - start;
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const flags = yield* load(vm_area_struct.vm_flags, vma);
  const file = yield* load(vm_area_struct.vm_file, vma);
  yield* vma_merge_new_range(mm, end, end + delta, pgoff, flags, file);
}
