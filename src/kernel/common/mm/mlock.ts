import type { Op } from '../../../machine/primitive.ts';
import { load, store } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import { mm_struct, vm_area_struct } from '../../state/mm.ts';
import type { MmId, Vaddr } from '../../state/numbers.ts';
import { EAGAIN, EFAULT, EINVAL, ENOMEM } from '../include/errno.ts';
import { MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, TASK_SIZE } from '../include/mman.ts';
import { mmap_write_lock, mmap_write_unlock } from '../include/mmap_lock.ts';
import { VM_LOCKED, VM_LOCKONFAULT } from '../include/vm_flags.ts';
import { __mm_populate, mm_populate } from './gup/populate.ts';
import { PAGE_ALIGN } from './mmap/do_mmap.ts';
import { vma_find } from './vma/find.ts';

/*
 * Mappings of a device are never marked as locked (mlock_fixup passes over them), but locking them faults them in all
 * the same. Left out: limits on locked memory.
 */

/**
 * mlock(2): 0 or a negative errno. Address and length in bytes, widened to whole pages.
 * Linux: mm/mlock.c mlock, do_mlock (7.2).
 */
export function* sys_mlock(mm: MmId, address_bytes: number, length_bytes: number): Op<number> {
  const start = div(address_bytes, PAGE_SIZE);
  const end = start + PAGE_ALIGN(length_bytes + (address_bytes % PAGE_SIZE));
  yield* mmap_write_lock(mm);
  const refused = yield* apply_vma_lock_flags(mm, start, end);
  yield* mmap_write_unlock(mm);
  if (refused !== 0) return refused;
  return __mlock_posix_error_return(yield* __mm_populate(mm, start, end, 0));
}

/** What mlock says of an error of populating. Linux: mm/mlock.c __mlock_posix_error_return (7.2). */
export function __mlock_posix_error_return(error: number): number {
  return error === -EFAULT ? -ENOMEM : error === -ENOMEM ? -EAGAIN : error;
}

/**
 * munlock(2): 0 or a negative errno. Address and length in bytes, widened to whole pages.
 * Linux: mm/mlock.c munlock (7.2).
 */
export function* sys_munlock(mm: MmId, address_bytes: number, length_bytes: number): Op<number> {
  const start = div(address_bytes, PAGE_SIZE);
  const end = start + PAGE_ALIGN(length_bytes + (address_bytes % PAGE_SIZE));
  yield* mmap_write_lock(mm);
  const refused = yield* apply_vma_lock_flags(mm, start, end);
  yield* mmap_write_unlock(mm);
  return refused;
}

/**
 * 0 if all of `[start, end)` is mapped, else -ENOMEM, or -EINVAL for a range that wraps around.
 * Linux: mm/mlock.c apply_vma_lock_flags, mlock_fixup (7.2), which change nothing in mappings of a device.
 */
export function* apply_vma_lock_flags(mm: MmId, start: Vaddr, end: Vaddr): Op<number> {
  if (end < start) return -EINVAL;
  let at = start;
  while (at < end) {
    const vma = yield* vma_find(mm, at, end);
    if (vma === 0 || (yield* load(vm_area_struct.vm_start, vma)) > at) return -ENOMEM;
    at = yield* load(vm_area_struct.vm_end, vma);
  }
  return 0;
}

/**
 * mlockall(2): 0, or -EINVAL for flags that make no sense. `flags` of MCL_ flags.
 * Linux: mm/mlock.c mlockall (7.2).
 */
export function* sys_mlockall(mm: MmId, flags: number): Op<number> {
  if (flags === 0 || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags === MCL_ONFAULT) {
    return -EINVAL;
  }
  yield* mmap_write_lock(mm);
  yield* apply_mlockall_flags(mm, flags);
  yield* mmap_write_unlock(mm);
  if (flags & MCL_CURRENT) yield* mm_populate(mm, 0, TASK_SIZE);
  return 0;
}

/**
 * munlockall(2): 0.
 * Linux: mm/mlock.c munlockall (7.2).
 */
export function* sys_munlockall(mm: MmId): Op<number> {
  yield* mmap_write_lock(mm);
  yield* apply_mlockall_flags(mm, 0);
  yield* mmap_write_unlock(mm);
  return 0;
}

/**
 * Notes whether mappings to come are to be locked.
 * Linux: mm/mlock.c apply_mlockall_flags (7.2). Its walk over the VMAs that there are changes none of a device.
 */
export function* apply_mlockall_flags(mm: MmId, flags: number): Op {
  const others = (yield* load(mm_struct.def_flags, mm)) & ~(VM_LOCKED | VM_LOCKONFAULT);
  const onfault = flags & MCL_ONFAULT ? VM_LOCKONFAULT : 0;
  yield* store(mm_struct.def_flags, mm, others | (flags & MCL_FUTURE ? VM_LOCKED | onfault : 0));
}
