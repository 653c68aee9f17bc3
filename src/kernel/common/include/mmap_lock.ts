import type { Op } from '../../../machine/primitive.ts';
import {
  down_read,
  down_read_trylock,
  down_write,
  downgrade_write,
  up_read,
  up_write,
} from '../../../machine/primitives/locks.ts';
import { mm_struct, vm_area_struct } from '../../state/mm.ts';
import type { MmId, VmaId } from '../../state/numbers.ts';
import { mm_lock_seqcount_end, vma_write_lock } from '../../state/vma_lock.ts';

/*
 * The lock of an address space and the locks of its VMAs. A fault needs only that of its VMA; who changes VMAs holds the
 * address space for writing and write-locks each VMA that it changes, up to the end of its turn.
 */

/**
 * Takes an address space for reading.
 * Linux: include/linux/mmap_lock.h mmap_read_lock (7.2).
 */
export function* mmap_read_lock(mm: MmId): Op {
  yield* down_read(mm_struct.mmap_lock, mm);
}

/**
 * The same unless a writer has it; 1 if it took the lock.
 * Linux: include/linux/mmap_lock.h mmap_read_trylock (7.2).
 */
export function* mmap_read_trylock(mm: MmId): Op<number> {
  return yield* down_read_trylock(mm_struct.mmap_lock, mm);
}

/**
 * Releases an address space held for reading.
 * Linux: include/linux/mmap_lock.h mmap_read_unlock (7.2).
 */
export function* mmap_read_unlock(mm: MmId): Op {
  yield* up_read(mm_struct.mmap_lock, mm);
}

/**
 * Takes an address space for writing.
 * Linux: include/linux/mmap_lock.h mmap_write_lock (7.2). Left out: being killed while waiting.
 */
export function* mmap_write_lock(mm: MmId): Op {
  yield* down_write(mm_struct.mmap_lock, mm);
}

/**
 * Releases an address space held for writing, and all its VMAs with it.
 * Linux: include/linux/mmap_lock.h mmap_write_unlock (7.2).
 */
export function* mmap_write_unlock(mm: MmId): Op {
  yield* vma_end_write_all(mm);
  yield* up_write(mm_struct.mmap_lock, mm);
}

/**
 * Turns an address space held for writing into one held for reading: its VMAs may be used again, but not changed.
 * Linux: include/linux/mmap_lock.h mmap_write_downgrade (7.2).
 */
export function* mmap_write_downgrade(mm: MmId): Op {
  yield* vma_end_write_all(mm);
  yield* downgrade_write(mm_struct.mmap_lock, mm);
}

/**
 * Locks a VMA for a fault if no writer has it; 1 if it did. The caller must look afterwards whether it still is the
 * VMA that it searched.
 * Linux: include/linux/mmap_lock.h vma_start_read (7.2).
 */
export function* vma_start_read(vma: VmaId): Op<number> {
  return yield* down_read_trylock(vm_area_struct.vm_lock, vma);
}

/**
 * Releases a VMA locked by vma_start_read.
 * Linux: include/linux/mmap_lock.h vma_end_read (7.2).
 */
export function* vma_end_read(vma: VmaId): Op {
  yield* up_read(vm_area_struct.vm_lock, vma);
}

/**
 * Keeps faults out of a VMA until the address space is released; waits for those that are inside. May be called again.
 * Linux: include/linux/mmap_lock.h vma_start_write (7.2).
 */
export function* vma_start_write(vma: VmaId): Op {
  yield* vma_write_lock(vma);
}

/**
 * Lets faults into all VMAs of an address space again.
 * Linux: include/linux/mmap_lock.h vma_end_write_all (7.2).
 */
export function* vma_end_write_all(mm: MmId): Op {
  yield* mm_lock_seqcount_end(mm);
}
