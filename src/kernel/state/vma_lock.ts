import { blocking, type Op, primitive } from '../../machine/primitive.ts';
import { WRITER } from '../../machine/primitives/locks.ts';
import { vm_area_struct } from './mm.ts';
import type { MmId, VmaId } from './numbers.ts';
import { SLOTS_VMA, slots } from './slots.ts';

/*
 * The kernel write-locks a VMA by noting the sequence number of mmap_lock in it, and so unlocks all of an address space
 * by moving that number on, one store (mm_lock_seq). Here the VMA's rwsem says the same without a number that grows.
 */

/** Write-locks a VMA, once its readers have left; nothing to do where the caller did so before (vma_start_write). */
export const vma_write_lock: (vma: VmaId) => Op = blocking((machine, vma) => {
  const { vm_lock } = machine.memory.of(vm_area_struct);
  if (vm_lock.get(vma) > 0) return false;
  vm_lock.set(vma, WRITER);
  return true;
});

/**
 * Ends the write locks of all VMAs of an address space (mm_lock_seqcount_end, up to 6.12 vma_end_write_all). A VMA
 * that is out of the tree stays closed for good: nobody may lock it any more (vma_mark_detached).
 */
export const mm_lock_seqcount_end: (mm: MmId) => Op = primitive((machine, mm) => {
  const { vm_mm, vm_lock, attached } = machine.memory.of(vm_area_struct);
  const limit = machine.memory.of(slots).highest.get(SLOTS_VMA);
  for (let vma: VmaId = 1; vma <= limit; vma++) {
    if (vm_mm.get(vma) === mm && attached.get(vma) !== 0 && vm_lock.get(vma) === WRITER) vm_lock.set(vma, 0);
  }
});
