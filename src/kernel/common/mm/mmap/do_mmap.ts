import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div } from '../../../../machine/primitives/own.ts';
import { file } from '../../../state/mm.ts';
import type { FileId, MmId } from '../../../state/numbers.ts';
import { EACCES, EEXIST, EINVAL, ENOMEM, EOPNOTSUPP, EOVERFLOW } from '../../include/errno.ts';
import { FMODE_READ, FMODE_WRITE } from '../../include/fs.ts';
import {
  LEGACY_MAP_MASK,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_SYNC,
  MAP_TYPE,
  PROT_WRITE,
} from '../../include/mman.ts';
import {
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NORESERVE,
  VM_SHARED,
  VM_SYNC,
} from '../../include/vm_flags.ts';
import { vma_find } from '../vma/find.ts';
import { mmap_region } from '../vma/region.ts';
import { get_unmapped_area } from './unmapped_area.ts';

/** One more than the highest page offset that a file can have (2^64 bytes). */
export const PGOFF_END = 4503599627370496;

/** VM_ flags that follow from MAP_ flags. Linux: include/linux/mman.h calc_vm_flag_bits (7.2). */
export function calc_vm_flag_bits(flags: number): number {
  return (flags & MAP_LOCKED ? VM_LOCKED : 0) | (flags & MAP_SYNC ? VM_SYNC : 0);
}

/** The pages that hold `bytes`. Linux: include/linux/mm.h PAGE_ALIGN (7.2). */
export function PAGE_ALIGN(bytes: number): number {
  return div(bytes + PAGE_SIZE - 1, PAGE_SIZE);
}

/**
 * Maps `length_bytes` of `filp` from page `pgoff`: the first page of the mapping, or a negative errno. The checks come in
 * Linux's order. `def_flags` are the VM_ flags that mlockall gives to new mappings.
 * Linux: mm/mmap.c do_mmap (7.2). Left out: limits on the number of VMAs and on locked memory, append-only and swap files.
 */
export function* do_mmap(
  mm: MmId,
  filp: FileId,
  address_bytes: number,
  length_bytes: number,
  prot: number,
  flags: number,
  def_flags: number,
  pgoff: number,
): Op<number> {
  if (length_bytes === 0) return -EINVAL;
  if (length_bytes < 0) return -ENOMEM;
  const length = PAGE_ALIGN(length_bytes);
  const fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) ? MAP_FIXED : 0;
  const address = yield* get_unmapped_area(mm, filp, div(address_bytes, PAGE_SIZE), length, pgoff, fixed);
  if (address < 0) return address;
  if (fixed && address_bytes % PAGE_SIZE !== 0) return -EINVAL;
  if (flags & MAP_FIXED_NOREPLACE && (yield* vma_find(mm, address, address + length))) return -EEXIST;
  if (pgoff >= PGOFF_END - length) return -EOVERFLOW;
  const refused = mmap_refused(prot, flags, yield* load(file.f_mode, filp));
  if (refused !== 0) return refused;
  const vm_flags =
    prot |
    calc_vm_flag_bits(flags) |
    def_flags |
    (VM_MAYREAD | VM_MAYEXEC) |
    mmap_sharing_flags(flags, yield* load(file.f_mode, filp)) |
    (flags & MAP_NORESERVE ? VM_NORESERVE : 0);
  const error = yield* mmap_region(mm, filp, address, address + length, vm_flags, pgoff);
  return error !== 0 ? error : address;
}

/**
 * What do_mmap says of the kind of mapping, given how the file was opened: 0 or a negative errno.
 * Linux: mm/mmap.c do_mmap (7.2), its cases of MAP_TYPE. MAP_SHARED ignores flags that it does not know.
 */
export function mmap_refused(prot: number, flags: number, f_mode: number): number {
  return (flags & MAP_TYPE) === MAP_SHARED_VALIDATE && (flags & ~(LEGACY_MAP_MASK | MAP_SYNC)) !== 0
    ? -EOPNOTSUPP
    : (flags & MAP_TYPE) !== MAP_SHARED_VALIDATE &&
        (flags & MAP_TYPE) !== MAP_SHARED &&
        (flags & MAP_TYPE) !== MAP_PRIVATE
      ? -EINVAL
      : (flags & MAP_TYPE) !== MAP_PRIVATE && prot & PROT_WRITE && !(f_mode & FMODE_WRITE)
        ? -EACCES
        : f_mode & FMODE_READ
          ? 0
          : -EACCES;
}

/**
 * The VM_ flags that say who sees writes. A shared mapping of a file that was not opened for writing can never be written.
 * Linux: mm/mmap.c do_mmap (7.2), its cases of MAP_TYPE.
 */
export function mmap_sharing_flags(flags: number, f_mode: number): number {
  return (flags & MAP_TYPE) === MAP_PRIVATE
    ? VM_MAYWRITE
    : f_mode & FMODE_WRITE
      ? VM_MAYWRITE | VM_SHARED | VM_MAYSHARE
      : VM_MAYSHARE;
}
