import { do_mremap } from '#scheme/mm/mremap.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div } from '../../../../machine/primitives/own.ts';
import type { MmId } from '../../../state/numbers.ts';
import { EINVAL } from '../../include/errno.ts';
import { PAGE_ALIGN } from '../mmap/do_mmap.ts';
import { mremap_args_invalid } from './params.ts';

/**
 * mremap(2): the new address in bytes, or a negative errno. Addresses and lengths in bytes; `new_bytes` counts only with
 * MREMAP_FIXED, and as a wish with MREMAP_DONTUNMAP.
 * Linux: mm/mremap.c mremap (7.2). Left out: locked mappings, which a device never has; limits.
 */
export function* sys_mremap(
  mm: MmId,
  old_bytes: number,
  old_len: number,
  new_len: number,
  flags: number,
  new_bytes: number,
): Op<number> {
  if (mremap_args_invalid(old_bytes, old_len, new_len, flags)) return -EINVAL;
  const moved = yield* do_mremap(
    mm,
    div(old_bytes, PAGE_SIZE),
    PAGE_ALIGN(old_len),
    PAGE_ALIGN(new_len),
    flags,
    new_bytes,
  );
  return moved < 0 ? moved : moved * PAGE_SIZE;
}
