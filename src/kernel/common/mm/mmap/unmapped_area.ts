import type { Op } from '../../../../machine/primitive.ts';
import type { FileId, MmId, Vaddr } from '../../../state/numbers.ts';
import { ENOMEM } from '../../include/errno.ts';
import { f_op_get_unmapped_area } from '../../include/file_operations.ts';
import { TASK_SIZE } from '../../include/mman.ts';

/**
 * Where `length` pages of `filp` from page `pgoff` are to be mapped: an address, or -ENOMEM. 0 asks for any place;
 * else `hint` is taken where it is free, and with MAP_FIXED wherever it is.
 * Linux: mm/mmap.c __get_unmapped_area (7.2).
 */
export function* get_unmapped_area(
  mm: MmId,
  filp: FileId,
  hint: Vaddr,
  length: number,
  pgoff: number,
  flags: number,
): Op<number> {
  if (length > TASK_SIZE) return -ENOMEM;
  const address = yield* f_op_get_unmapped_area(mm, filp, hint, length, pgoff, flags);
  if (address < 0) return address;
  return address > TASK_SIZE - length ? -ENOMEM : address;
}
