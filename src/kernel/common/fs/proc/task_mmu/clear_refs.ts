import type { Op } from '../../../../../machine/primitive.ts';
import { atomic_add, load, store } from '../../../../../machine/primitives/access.ts';
import { mas_find } from '../../../../state/maple_tree.ts';
import { mm_struct, vm_area_struct } from '../../../../state/mm.ts';
import type { MmId, VmaId } from '../../../../state/numbers.ts';
import { flush_tlb_mm_range, TLB_FLUSH_ALL } from '../../../arch/x86/mm/tlb.ts';
import { EINVAL } from '../../../include/errno.ts';
import { mmap_write_lock, mmap_write_unlock, vma_start_write } from '../../../include/mmap_lock.ts';
import { pmd_addr_end } from '../../../include/pgtable_walk.ts';
import { VM_SOFTDIRTY } from '../../../include/vm_flags.ts';
import { pmd_off, walk_page_range } from '../../../mm/pagewalk.ts';
import { clear_refs_pte_range } from './clear_refs_pte_range.ts';

/** What is written to clear_refs (fs/proc/task_mmu.c enum clear_refs_types). */
export const CLEAR_REFS_ALL = 1;
export const CLEAR_REFS_ANON = 2;
export const CLEAR_REFS_SOFT_DIRTY = 4;
export const CLEAR_REFS_MM_HIWATER_RSS = 5;

/**
 * A write to /proc/PID/clear_refs: 0, or -EINVAL for a number that means nothing. 4 starts to watch for writes, all else
 * that concerns mappings of files forgets that pages were used.
 * Linux: fs/proc/task_mmu.c clear_refs_write (7.2). Left out: MMU notifiers, the high-water mark of Rss.
 */
export function* clear_refs_write(mm: MmId, type: number): Op<number> {
  if (type < CLEAR_REFS_ALL || type > CLEAR_REFS_MM_HIWATER_RSS) return -EINVAL;
  yield* mmap_write_lock(mm);
  if (type === CLEAR_REFS_SOFT_DIRTY) {
    yield* clear_soft_dirty_vmas(mm);
    yield* atomic_add(mm_struct.tlb_flush_pending, mm, 1);
    yield* clear_refs_vmas(mm, type);
    yield* flush_tlb_mm_range(mm, 0, TLB_FLUSH_ALL);
    yield* atomic_add(mm_struct.tlb_flush_pending, mm, -1);
  } else if (type !== CLEAR_REFS_ANON && type !== CLEAR_REFS_MM_HIWATER_RSS) {
    yield* clear_refs_vmas(mm, type);
  }
  yield* mmap_write_unlock(mm);
  return 0;
}

/** Takes VM_SOFTDIRTY from all VMAs. Linux: fs/proc/task_mmu.c clear_refs_write (7.2). */
export function* clear_soft_dirty_vmas(mm: MmId): Op {
  let vma = yield* mas_find(mm, 0);
  while (vma !== 0) {
    const flags = yield* load(vm_area_struct.vm_flags, vma);
    if (flags & VM_SOFTDIRTY) {
      yield* vma_start_write(vma);
      yield* store(vm_area_struct.vm_flags, vma, flags & ~VM_SOFTDIRTY);
    }
    vma = yield* mas_find(mm, yield* load(vm_area_struct.vm_end, vma));
  }
}

/** Walks over the entries of all VMAs. Linux: mm/pagewalk.c walk_page_range (7.2), with PGWALK_WRLOCK. */
export function* clear_refs_vmas(mm: MmId, type: number): Op {
  let vma = yield* mas_find(mm, 0);
  while (vma !== 0) {
    yield* vma_start_write(vma);
    yield* clear_refs_vma(mm, vma, type);
    vma = yield* mas_find(mm, yield* load(vm_area_struct.vm_end, vma));
  }
}

/** Walks over the entries of one VMA. */
export function* clear_refs_vma(mm: MmId, vma: VmaId, type: number): Op {
  const end = yield* load(vm_area_struct.vm_end, vma);
  let at = yield* walk_page_range(mm, yield* load(vm_area_struct.vm_start, vma), end);
  while (at < end) {
    const next = pmd_addr_end(at, end);
    yield* clear_refs_pte_range(mm, yield* pmd_off(mm, at), at, next, type === CLEAR_REFS_SOFT_DIRTY ? 1 : 0);
    at = yield* walk_page_range(mm, next, end);
  }
}
