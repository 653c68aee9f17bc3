import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div } from '../../../../machine/primitives/own.ts';
import type { Vaddr } from '../../../state/numbers.ts';
import { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE, TASK_SIZE } from '../../include/mman.ts';
import { PAGE_ALIGN } from '../mmap/do_mmap.ts';

/**
 * Whether mremap(2) looks at no mapping at all: it does not know the flags, or has no whole pages to begin with or to end up with.
 * Linux: mm/mremap.c check_mremap_params (7.2), its beginning; mremap (6.12).
 */
export function mremap_args_invalid(
  old_bytes: number,
  old_len: number,
  new_len: number,
  flags: number,
): boolean {
  return (
    (flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP)) !== 0 ||
    old_bytes % PAGE_SIZE !== 0 ||
    new_len <= 0 ||
    ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0 && !(flags & MREMAP_MAYMOVE)) ||
    ((flags & MREMAP_DONTUNMAP) !== 0 && PAGE_ALIGN(old_len) !== PAGE_ALIGN(new_len))
  );
}

/**
 * Whether mappings cannot move to the address in bytes that the caller names: no page begins there, it is not the program's, or
 * what is to move lies there.
 * Linux: mm/mremap.c check_mremap_params, vrm_overlaps (7.2); mremap_to (6.12).
 */
export function new_addr_invalid(
  address: Vaddr,
  old_length: number,
  new_length: number,
  flags: number,
  new_bytes: number,
): boolean {
  return (
    (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0 &&
    (new_bytes % PAGE_SIZE !== 0 ||
      new_length > TASK_SIZE ||
      div(new_bytes, PAGE_SIZE) > TASK_SIZE - new_length ||
      (address + old_length > div(new_bytes, PAGE_SIZE) && div(new_bytes, PAGE_SIZE) + new_length > address))
  );
}
