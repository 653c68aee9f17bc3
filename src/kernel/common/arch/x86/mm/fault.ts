import type { Op } from '../../../../../machine/primitive.ts';
import { load } from '../../../../../machine/primitives/access.ts';
import { mas_walk } from '../../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../../state/numbers.ts';
import { SIGNAL_SIGBUS, SIGNAL_SIGSEGV } from '../../../include/errno.ts';
import { mmap_read_lock, mmap_read_unlock, vma_end_read } from '../../../include/mmap_lock.ts';
import {
  FAULT_FLAG_USER,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_HWPOISON,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
} from '../../../include/vm_fault.ts';
import { VM_ACCESS_FLAGS, VM_WRITE } from '../../../include/vm_flags.ts';
import { handle_mm_fault } from '../../../mm/memory.ts';
import { lock_vma_under_rcu } from '../../../mm/mmap_lock.ts';

/**
 * The page fault of an instruction of user space: 0 if it is worth trying again, or the signal for the process.
 * Linux: arch/x86/mm/fault.c exc_page_fault, handle_page_fault (7.2). Left out: faults of the kernel itself.
 */
export function* exc_page_fault(mm: MmId, address: Vaddr, write: number): Op<number> {
  return yield* do_user_addr_fault(mm, address, write);
}

/** Whether a mapping forbids the access altogether. Linux: arch/x86/mm/fault.c access_error (7.2). Left out: instruction fetches, protection keys, shadow stacks. */
export function access_error(vm_flags: number, write: number): boolean {
  return write ? (vm_flags & VM_WRITE) === 0 : (vm_flags & VM_ACCESS_FLAGS) === 0;
}

/** The signal that a fault's result stands for; 0 if none. Linux: arch/x86/mm/fault.c do_user_addr_fault (7.2), its end. Left out: running out of memory. */
export function fault_signal(fault: number): number {
  return fault & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON)
    ? SIGNAL_SIGBUS
    : fault & VM_FAULT_SIGSEGV
      ? SIGNAL_SIGSEGV
      : 0;
}

/**
 * Handles a fault under the lock of its VMA alone if it can, else under that of the address space.
 * Linux: arch/x86/mm/fault.c do_user_addr_fault (7.2). Left out: signals that end the wait for a lock.
 */
export function* do_user_addr_fault(mm: MmId, address: Vaddr, write: number): Op<number> {
  const flags = write ? FAULT_FLAG_USER | FAULT_FLAG_WRITE : FAULT_FLAG_USER;
  const vma = yield* lock_vma_under_rcu(mm, address);
  let fault = VM_FAULT_RETRY;
  if (vma !== 0) {
    if (access_error(yield* load(vm_area_struct.vm_flags, vma), write)) {
      yield* vma_end_read(vma);
      return SIGNAL_SIGSEGV;
    }
    fault = yield* handle_mm_fault(vma, address, flags | FAULT_FLAG_VMA_LOCK);
    yield* vma_end_read(vma);
  }
  if (fault & VM_FAULT_RETRY) return yield* fault_under_mmap_lock(mm, address, flags);
  return fault_signal(fault);
}

/**
 * Linux: arch/x86/mm/fault.c do_user_addr_fault (7.2), from its label lock_mmap on.
 */
export function* fault_under_mmap_lock(mm: MmId, address: Vaddr, flags: number): Op<number> {
  const vma: VmaId = yield* lock_mm_and_find_vma(mm, address);
  if (vma === 0) return SIGNAL_SIGSEGV;
  if (access_error(yield* load(vm_area_struct.vm_flags, vma), flags & FAULT_FLAG_WRITE)) {
    yield* mmap_read_unlock(mm);
    return SIGNAL_SIGSEGV;
  }
  const fault = yield* handle_mm_fault(vma, address, flags);
  yield* mmap_read_unlock(mm);
  return fault_signal(fault);
}

/**
 * Locks an address space and finds the VMA of an address in it; 0, and nothing locked, if there is none.
 * Linux: mm/mmap_lock.c lock_mm_and_find_vma (7.2). Linux: mm/memory.c lock_mm_and_find_vma (6.12). Left out: stacks that grow.
 */
export function* lock_mm_and_find_vma(mm: MmId, address: Vaddr): Op<VmaId> {
  yield* mmap_read_lock(mm);
  const vma = yield* mas_walk(mm, address);
  if (vma !== 0) return vma;
  yield* mmap_read_unlock(mm);
  return 0;
}
