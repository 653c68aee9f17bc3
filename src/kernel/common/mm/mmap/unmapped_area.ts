import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { dev_dax } from '../../../state/dax.ts';
import { unmapped_area_topdown } from '../../../state/maple_tree.ts';
import { file } from '../../../state/mm.ts';
import type { FileId, MmId, Vaddr } from '../../../state/numbers.ts';
import { ENOMEM } from '../../include/errno.ts';
import { MAP_FIXED, MMAP_BASE, TASK_SIZE } from '../../include/mman.ts';
import { vma_find } from '../vma/find.ts';

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
  const address = yield* dax_get_unmapped_area(mm, filp, hint, length, pgoff, flags);
  if (address < 0) return address;
  return address > TASK_SIZE - length ? -ENOMEM : address;
}

/**
 * The same for a device-DAX file: where the caller leaves the choice, addresses get the device's alignment, if at
 * least one whole unit of it is to be mapped.
 * Linux: drivers/dax/device.c dax_get_unmapped_area (7.2).
 */
export function* dax_get_unmapped_area(
  mm: MmId,
  filp: FileId,
  hint: Vaddr,
  length: number,
  pgoff: number,
  flags: number,
): Op<number> {
  if (hint !== 0) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  const dev = yield* load(file.private_data, filp);
  if (dev === 0) return yield* mm_get_unmapped_area(mm, 0, length, flags);
  const align = yield* load(dev_dax.align, dev - 1);
  const first_unit = pgoff + ((align - (pgoff % align)) % align);
  if (pgoff + length - first_unit < align) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  const address = yield* mm_get_unmapped_area(mm, hint, length + align, flags);
  if (address < 0) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  return address + ((align + (pgoff % align) - (address % align)) % align);
}

/**
 * The same for any file: below what is mapped already, from the top of the address space downwards.
 * Linux: arch/x86/kernel/sys_x86_64.c arch_get_unmapped_area_topdown (7.2). Left out: the second search, upwards, when
 * the first finds nothing; guard gaps of stacks; random addresses.
 */
export function* mm_get_unmapped_area(mm: MmId, hint: Vaddr, length: number, flags: number): Op<number> {
  if (length > TASK_SIZE) return -ENOMEM;
  if (flags & MAP_FIXED) return hint;
  if (hint !== 0 && hint <= TASK_SIZE - length && !(yield* vma_find(mm, hint, hint + length))) return hint;
  const address = yield* unmapped_area_topdown(mm, length, MMAP_BASE);
  return address < 0 ? -ENOMEM : address;
}
