import type { Op } from '../../../machine/primitive.ts';
import type { MmId } from '../../state/numbers.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/mmap_lock.ts';
import { activate_mm, mmput } from './fork.ts';

/**
 * Leaves an address space: this thread uses no user address any more. The last one to leave takes it down.
 * Linux: kernel/exit.c exit_mm (7.2). A CPU without an address space stands for one that keeps the old one lazily.
 */
export function* exit_mm(mm: MmId): Op {
  yield* mmap_read_lock(mm);
  yield* activate_mm(0);
  yield* mmap_read_unlock(mm);
  yield* mmput(mm);
}
