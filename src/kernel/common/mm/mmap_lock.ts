import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { rcu_read_lock, rcu_read_unlock } from '../../../machine/primitives/readers.ts';
import { mas_walk } from '../../state/maple_tree.ts';
import { vm_area_struct } from '../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../state/numbers.ts';
import { vma_end_read, vma_start_read } from '../include/mmap_lock.ts';

/**
 * Finds the VMA of an address and locks it, without the lock of the address space; 0, and nothing locked, if there is
 * none or a writer has it.
 * Linux: mm/mmap_lock.c lock_vma_under_rcu (7.2). Linux: mm/memory.c lock_vma_under_rcu (6.12), which searches again
 * where this one gives up because the VMA was detached meanwhile.
 */
export function* lock_vma_under_rcu(mm: MmId, address: Vaddr): Op<VmaId> {
  yield* rcu_read_lock();
  const vma = yield* mas_walk(mm, address);
  if (vma === 0 || !(yield* vma_start_read(vma))) {
    yield* rcu_read_unlock();
    return 0;
  }
  const valid = yield* vma_is_still(vma, mm, address);
  if (!valid) yield* vma_end_read(vma);
  yield* rcu_read_unlock();
  return valid ? vma : 0;
}

/**
 * 1 if a VMA that was locked after it was found is still what the search was for: VMAs are split, moved, detached, and
 * their memory used for others.
 * Linux: mm/mmap_lock.c lock_vma_under_rcu, vma_start_read (7.2), their checks.
 */
export function* vma_is_still(vma: VmaId, mm: MmId, address: Vaddr): Op<number> {
  if ((yield* load(vm_area_struct.attached, vma)) === 0) return 0;
  if ((yield* load(vm_area_struct.vm_mm, vma)) !== mm) return 0;
  if (address < (yield* load(vm_area_struct.vm_start, vma))) return 0;
  return address < (yield* load(vm_area_struct.vm_end, vma)) ? 1 : 0;
}
