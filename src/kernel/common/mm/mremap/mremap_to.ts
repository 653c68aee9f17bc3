import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { min } from '../../../../machine/primitives/own.ts';
import { mas_walk } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { EFAULT, EINVAL } from '../../include/errno.ts';
import { MAP_FIXED, MREMAP_FIXED } from '../../include/mman.ts';
import { VM_MAYSHARE } from '../../include/vm_flags.ts';
import { get_unmapped_area } from '../mmap/unmapped_area.ts';
import { do_munmap } from '../vma/munmap.ts';
import { move_vma } from './move_vma.ts';

/**
 * 0, or -EFAULT if pages that are to be moved or lengthened, from one of the VMA on, are not all of it. No page at all asks for a
 * second mapping of the same, which a private one cannot have: -EINVAL.
 * Linux: mm/mremap.c check_prep_vma (7.2), vma_to_resize (6.12).
 */
export function* check_prep_vma(vma: VmaId, address: Vaddr, moving: number): Op<number> {
  if (moving === 0 && !((yield* load(vm_area_struct.vm_flags, vma)) & VM_MAYSHARE)) return -EINVAL;
  return moving > (yield* load(vm_area_struct.vm_end, vma)) - address ? -EFAULT : 0;
}

/**
 * Unmaps what lies where a mapping is to move to, and what is not to move of it: 0, or a negative errno.
 * Linux: mm/mremap.c mremap_to (7.2), its beginning.
 */
export function* make_way(
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
  if (new_length >= old_length) return 0;
  return yield* do_munmap(mm, address + new_length, address + old_length);
}

/**
 * Moves a mapping to where the caller wants it; the new address, or a negative errno.
 * Linux: mm/mremap.c mremap_to (7.2), its end.
 */
export function* move_to(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_address: Vaddr,
): Op<number> {
  const vma = yield* mas_walk(mm, address);
  const map_flags = flags & MREMAP_FIXED ? MAP_FIXED : 0;
  const target = yield* vrm_set_new_addr(mm, vma, address, new_length, map_flags, new_address);
  if (target < 0) return target;
  const moving = min(new_length, old_length);
  return yield* move_vma(mm, vma, address, moving, new_length, target, flags);
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
