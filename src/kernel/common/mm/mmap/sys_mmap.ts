import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div } from '../../../../machine/primitives/own.ts';
import { mm_struct } from '../../../state/mm.ts';
import type { FileId, MmId } from '../../../state/numbers.ts';
import { EBADF, EINVAL } from '../../include/errno.ts';
import { MAP_LOCKED, MAP_NONBLOCK, MAP_POPULATE, TASK_SIZE } from '../../include/mman.ts';
import { mmap_write_lock, mmap_write_unlock } from '../../include/mmap_lock.ts';
import { VM_LOCKED } from '../../include/vm_flags.ts';
import { mm_populate } from '../gup/populate.ts';
import { do_munmap_and_unlock } from '../vma/munmap.ts';
import { do_mmap, PAGE_ALIGN, PGOFF_END } from './do_mmap.ts';

/**
 * mmap(2) of an open device; `filp` 0 is no open file. All of address, length and offset are in bytes; an offset below 0
 * is one of 64 bits unsigned. Returns the address in bytes or a negative errno.
 * Linux: mm/mmap.c ksys_mmap_pgoff (7.2); arch/x86/kernel/sys_x86_64.c mmap (7.2).
 */
export function* sys_mmap(
  mm: MmId,
  filp: FileId,
  address_bytes: number,
  length_bytes: number,
  prot: number,
  flags: number,
  offset_bytes: number,
): Op<number> {
  if (offset_bytes % PAGE_SIZE !== 0) return -EINVAL;
  if (filp === 0) return -EBADF;
  const offset = div(offset_bytes, PAGE_SIZE);
  const pgoff = offset < 0 ? offset + PGOFF_END : offset;
  return yield* vm_mmap_pgoff(mm, filp, address_bytes, length_bytes, prot, flags, pgoff);
}

/**
 * Maps, and faults in what is to be populated or locked.
 * Linux: mm/util.c vm_mmap_pgoff (7.2).
 */
export function* vm_mmap_pgoff(
  mm: MmId,
  filp: FileId,
  address_bytes: number,
  length_bytes: number,
  prot: number,
  flags: number,
  pgoff: number,
): Op<number> {
  yield* mmap_write_lock(mm);
  const def_flags = yield* load(mm_struct.def_flags, mm);
  const start = yield* do_mmap(mm, filp, address_bytes, length_bytes, prot, flags, def_flags, pgoff);
  yield* mmap_write_unlock(mm);
  if (start < 0) return start;
  const populate = (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
  if (populate || flags & MAP_LOCKED || def_flags & VM_LOCKED) {
    yield* mm_populate(mm, start, start + PAGE_ALIGN(length_bytes));
  }
  return start * PAGE_SIZE;
}

/**
 * munmap(2): 0 or a negative errno. Address and length in bytes; holes in the range do not matter.
 * Linux: mm/vma.c __vm_munmap, do_vmi_munmap (7.2).
 */
export function* sys_munmap(mm: MmId, address_bytes: number, length_bytes: number): Op<number> {
  const start = div(address_bytes, PAGE_SIZE);
  const length = PAGE_ALIGN(length_bytes);
  if (address_bytes % PAGE_SIZE !== 0 || start > TASK_SIZE) return -EINVAL;
  if (length_bytes <= 0 || length > TASK_SIZE - start) return -EINVAL;
  yield* mmap_write_lock(mm);
  return yield* do_munmap_and_unlock(mm, start, start + length);
}
