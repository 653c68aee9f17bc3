import type { Op } from '../../../machine/primitive.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div, min } from '../../../machine/primitives/own.ts';
import { EFAULT, EINVAL } from '../../common/include/errno.ts';
import { MREMAP_DONTUNMAP, MREMAP_FIXED } from '../../common/include/mman.ts';
import { mmap_write_lock, mmap_write_unlock } from '../../common/include/mmap_lock.ts';
import { mremap_at } from '../../common/mm/mremap/expand.ts';
import { check_prep_vma, make_way, move_to } from '../../common/mm/mremap/mremap_to.ts';
import { new_addr_invalid } from '../../common/mm/mremap/params.ts';
import { mas_walk } from '../../state/maple_tree.ts';
import type { MmId, Vaddr } from '../../state/numbers.ts';

/**
 * mremap(2) of one VMA, which it looks for before it looks at where that is to go: the new address, or a negative errno.
 * `new_bytes` is the only address that may be within a page.
 * Linux: mm/mremap.c mremap (6.12).
 */
export function* do_mremap(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_bytes: number,
): Op<number> {
  yield* mmap_write_lock(mm);
  const vma = yield* mas_walk(mm, address);
  const refused =
    vma === 0 ? -EFAULT : new_addr_invalid(address, old_length, new_length, flags, new_bytes) ? -EINVAL : 0;
  if (refused === 0 && !(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))) {
    return yield* mremap_at(mm, vma, address, old_length, new_length, flags);
  }
  const moved =
    refused !== 0
      ? refused
      : yield* mremap_to(mm, address, old_length, new_length, flags, div(new_bytes, PAGE_SIZE));
  yield* mmap_write_unlock(mm);
  return moved;
}

/**
 * Moves a mapping to where the caller wants it, over whatever is there: that has gone even if the mapping then turns out to be more
 * than one. The new address, or a negative errno.
 * Linux: mm/mremap.c mremap_to, vma_to_resize (6.12).
 */
export function* mremap_to(
  mm: MmId,
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_address: Vaddr,
): Op<number> {
  const error = yield* make_way(mm, address, old_length, new_length, flags, new_address);
  if (error !== 0) return error;
  const refused = yield* check_prep_vma(yield* mas_walk(mm, address), address, min(new_length, old_length));
  if (refused !== 0) return refused;
  return yield* move_to(mm, address, old_length, new_length, flags, new_address);
}
