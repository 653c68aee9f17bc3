import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, max, min } from '../../../machine/primitives/own.ts';
import { EFAULT, EINVAL } from '../../common/include/errno.ts';
import { vma_mapping } from '../../common/include/fs.ts';
import { MREMAP_DONTUNMAP, MREMAP_FIXED, TASK_SIZE } from '../../common/include/mman.ts';
import { mmap_write_lock, mmap_write_unlock } from '../../common/include/mmap_lock.ts';
import { mremap_at } from '../../common/mm/mremap/expand.ts';
import { check_prep_vma, make_way, move_to } from '../../common/mm/mremap/mremap_to.ts';
import { new_addr_invalid } from '../../common/mm/mremap/params.ts';
import { vma_find } from '../../common/mm/vma/find.ts';
import { FIRST_INODE } from '../../state/inode.ts';
import { mas_walk } from '../../state/maple_tree.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../state/numbers.ts';

/**
 * mremap(2) of one VMA, or of all in a range that only move: the new address, or a negative errno.
 * `new_bytes` is the only address that may be within a page.
 * Linux: mm/mremap.c do_mremap, check_mremap_params, vrm_move_only (7.2).
 */
export function* do_mremap(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_bytes: number,
): Op<number> {
  const new_address = div(new_bytes, PAGE_SIZE);
  if (new_length > TASK_SIZE || new_addr_invalid(address, old_length, new_length, flags, new_bytes))
    return -EINVAL;
  yield* mmap_write_lock(mm);
  const vma = yield* mas_walk(mm, address);
  if (vma !== 0 && !(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))) {
    return yield* mremap_at(mm, vma, address, old_length, new_length, flags);
  }
  const moved =
    vma === 0
      ? -EFAULT
      : flags & MREMAP_FIXED && new_length === old_length
        ? yield* remap_move(mm, vma, address, old_length, flags, new_address)
        : yield* mremap_to(mm, vma, address, old_length, new_length, flags, new_address);
  yield* mmap_write_unlock(mm);
  return moved;
}

/**
 * Moves a mapping to where the caller wants it, over whatever is there; the new address, or a negative errno.
 * Linux: mm/mremap.c check_prep_vma, mremap_to (7.2).
 */
export function* mremap_to(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_address: Vaddr,
): Op<number> {
  const refused = yield* check_prep_vma(vma, address, min(new_length, old_length));
  if (refused !== 0) return refused;
  const error = yield* make_way(mm, address, old_length, new_length, flags, new_address);
  if (error !== 0) return error;
  return yield* move_to(mm, address, old_length, new_length, flags, new_address);
}

/**
 * Moves all VMAs of a range, whose first address is one of the `first`, and keeps the gaps between them; where the first one is
 * then, or a negative errno, with those before it moved. What lies where a gap comes to stays.
 * Linux: mm/mremap.c remap_move (7.2).
 */
export function* remap_move(
  mm: MmId,
  first: VmaId,
  start: Vaddr,
  length: number,
  flags: number,
  new_address: Vaddr,
): Op<number> {
  const end = start + length;
  let vma = first;
  while (vma !== 0) {
    const vm_end = yield* load(vm_area_struct.vm_end, vma);
    const address = max(yield* load(vm_area_struct.vm_start, vma), start);
    if (!(yield* vma_multi_allowed(vma)) && (address !== start || vm_end < end)) return -EFAULT;
    const part = min(vm_end, end) - address;
    const moved = yield* mremap_to(mm, vma, address, part, part, flags, new_address + address - start);
    if (moved < 0) return moved;
    vma = yield* vma_find(mm, vm_end, end);
  }
  return new_address;
}

/**
 * 1 if a VMA may move together with others: not one whose driver chooses addresses itself, as it might choose another one then.
 * Linux: mm/mremap.c vma_multi_allowed (7.2).
 */
export function* vma_multi_allowed(vma: VmaId): Op<number> {
  return (yield* vma_mapping(vma)) >= FIRST_INODE ? 1 : 0;
}
