import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div, min } from '../../../../machine/primitives/own.ts';
import { mas_walk } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { EFAULT, EINVAL, ENOMEM } from '../../include/errno.ts';
import {
  MAP_FIXED,
  MMAP_BASE,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  TASK_SIZE,
} from '../../include/mman.ts';
import { mmap_write_lock, mmap_write_unlock } from '../../include/mmap_lock.ts';
import { PAGE_ALIGN } from '../mmap/do_mmap.ts';
import { get_unmapped_area } from '../mmap/unmapped_area.ts';
import { vma_find } from '../vma/find.ts';
import { vma_merge_new_range } from '../vma/merge.ts';
import { do_munmap, do_munmap_and_unlock } from '../vma/munmap.ts';
import { move_vma } from './move_vma.ts';

/**
 * mremap(2): the new address in bytes, or a negative errno. Addresses and lengths in bytes; `new_bytes` counts only with
 * MREMAP_FIXED, and as a wish with MREMAP_DONTUNMAP.
 * Linux: mm/mremap.c mremap, do_mremap (7.2). Left out: locked mappings, which a device never has; limits.
 */
export function* sys_mremap(
  mm: MmId,
  old_bytes: number,
  old_len: number,
  new_len: number,
  flags: number,
  new_bytes: number,
): Op<number> {
  const invalid = check_mremap_params(old_bytes, old_len, new_len, flags, new_bytes);
  if (invalid !== 0) return invalid;
  const address = div(old_bytes, PAGE_SIZE);
  const old_length = PAGE_ALIGN(old_len);
  const new_length = PAGE_ALIGN(new_len);
  const new_address = div(new_bytes, PAGE_SIZE);
  yield* mmap_write_lock(mm);
  const refused = yield* check_prep_vma(mm, address, old_length, new_length, flags);
  if (refused !== 0) {
    yield* mmap_write_unlock(mm);
    return refused;
  }
  if (!(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && new_length < old_length) {
    const error = yield* do_munmap_and_unlock(mm, address + new_length, address + old_length);
    return error !== 0 ? error : old_bytes;
  }
  const moved =
    flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)
      ? yield* mremap_to(mm, address, old_length, new_length, flags, new_address)
      : yield* mremap_at(mm, address, old_length, new_length, flags);
  yield* mmap_write_unlock(mm);
  return moved < 0 ? moved : moved * PAGE_SIZE;
}

/** Linux: mm/mremap.c check_mremap_params (7.2). */
export function check_mremap_params(
  old_bytes: number,
  old_len: number,
  new_len: number,
  flags: number,
  new_bytes: number,
): number {
  return (flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP)) !== 0 ||
    old_bytes % PAGE_SIZE !== 0 ||
    new_len <= 0 ||
    PAGE_ALIGN(new_len) > TASK_SIZE
    ? -EINVAL
    : (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) === 0
      ? 0
      : new_bytes % PAGE_SIZE !== 0 ||
          div(new_bytes, PAGE_SIZE) > TASK_SIZE - PAGE_ALIGN(new_len) ||
          !(flags & MREMAP_MAYMOVE) ||
          (flags & MREMAP_DONTUNMAP && PAGE_ALIGN(old_len) !== PAGE_ALIGN(new_len)) ||
          (old_bytes + PAGE_ALIGN(old_len) * PAGE_SIZE > new_bytes &&
            new_bytes + PAGE_ALIGN(new_len) * PAGE_SIZE > old_bytes)
        ? -EINVAL
        : 0;
}

/**
 * 0, or -EFAULT if nothing is mapped at `address`, or if more is to be moved or lengthened than one VMA.
 * Linux: mm/mremap.c check_prep_vma (7.2). A device chooses addresses itself, so several VMAs never move at once
 * (vma_multi_allowed).
 */
export function* check_prep_vma(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
): Op<number> {
  const vma = yield* mas_walk(mm, address);
  if (vma === 0) return -EFAULT;
  if (new_length <= old_length && !(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))) return 0;
  const moving = min(new_length, old_length);
  return moving > (yield* load(vm_area_struct.vm_end, vma)) - address ? -EFAULT : 0;
}

/**
 * Moves a mapping to where the caller wants it, over whatever is there; the new address, or a negative errno.
 * Linux: mm/mremap.c mremap_to (7.2).
 */
export function* mremap_to(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_address: Vaddr,
): Op<number> {
  if (flags & MREMAP_FIXED) {
    const error = yield* do_munmap(mm, new_address, new_address + new_length);
    if (error !== 0) return error;
  }
  if (new_length < old_length) {
    const error = yield* do_munmap(mm, address + new_length, address + old_length);
    if (error !== 0) return error;
  }
  const vma = yield* mas_walk(mm, address);
  if (vma === 0) return -EFAULT;
  const map_flags = flags & MREMAP_FIXED ? MAP_FIXED : 0;
  const target = yield* vrm_set_new_addr(mm, vma, address, new_length, map_flags, new_address);
  if (target < 0) return target;
  const moving = min(new_length, old_length);
  return yield* move_vma(mm, vma, address, moving, new_length, target, flags);
}

/**
 * Lengthens a mapping where it is, or else anywhere else; the address then, or a negative errno.
 * Linux: mm/mremap.c mremap_at, expand_vma, expand_vma_in_place (7.2).
 */
export function* mremap_at(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
): Op<number> {
  if (new_length === old_length) return address;
  const vma = yield* mas_walk(mm, address);
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
 * The address that `length` pages of a VMA, from `address` on, may move to.
 * Linux: mm/mremap.c vrm_set_new_addr (7.2).
 */
export function* vrm_set_new_addr(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  length: number,
  map_flags: number,
  hint: Vaddr,
): Op<number> {
  const file = yield* load(vm_area_struct.vm_file, vma);
  const vm_pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  const pgoff = vm_pgoff + address - (yield* load(vm_area_struct.vm_start, vma));
  return yield* get_unmapped_area(mm, file, hint, length, pgoff, map_flags);
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
