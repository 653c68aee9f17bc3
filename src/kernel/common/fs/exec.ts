import type { Op } from '../../../machine/primitive.ts';
import type { MmId } from '../../state/numbers.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/mmap_lock.ts';
import { activate_mm, mm_alloc, mmput } from '../kernel/fork.ts';

/**
 * Replaces the address space of a process that has no other threads by an empty one, which it returns.
 * Linux: fs/exec.c exec_mmap, bprm_mm_init (7.2). Left out: what the new program maps.
 */
export function* exec_mmap(old_mm: MmId): Op<MmId> {
  const mm = yield* mm_alloc();
  yield* mmap_read_lock(old_mm);
  yield* activate_mm(mm);
  yield* mmap_read_unlock(old_mm);
  yield* mmput(old_mm);
  return mm;
}
