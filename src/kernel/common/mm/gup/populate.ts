import { __get_user_pages } from '#scheme/mm/gup/slow.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { max, min } from '../../../../machine/primitives/own.ts';
import { mas_find } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { FOLL_FORCE, FOLL_MADV_POPULATE, FOLL_TOUCH, FOLL_WRITE } from '../../include/gup_flags.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/mmap_lock.ts';
import { VM_ACCESS_FLAGS, VM_LOCKONFAULT, VM_SHARED, VM_WRITE } from '../../include/vm_flags.ts';

/*
 * GUP for who wants pages to be there, and none of them: mlock, MAP_POPULATE, MADV_POPULATE.
 */

/**
 * What a population of a VMA asks of GUP: it writes only where that makes private copies, so as not to dirty what is
 * shared; and wherever user space has any access, it has this one.
 * Linux: mm/gup.c populate_vma_page_range (7.2), its flags.
 */
export function populate_gup_flags(vm_flags: number): number {
  return (
    FOLL_TOUCH |
    ((vm_flags & (VM_WRITE | VM_SHARED)) === VM_WRITE ? FOLL_WRITE : 0) |
    (vm_flags & VM_ACCESS_FLAGS ? FOLL_FORCE : 0)
  );
}

/**
 * Sees to it that pages `[start, end)` of a VMA are there, under mmap_lock: pages done, or an errno if none.
 * Linux: mm/gup.c populate_vma_page_range (7.2).
 */
export function* populate_vma_page_range(mm: MmId, vma: VmaId, start: Vaddr, end: Vaddr): Op<number> {
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  if (vm_flags & VM_LOCKONFAULT) return end - start;
  return yield* __get_user_pages(mm, start, end - start, populate_gup_flags(vm_flags));
}

/**
 * Sees to it that all pages of the VMAs in `[start, end)` are there; takes mmap_lock. 0, or the errno of the first page
 * that cannot be had, which with `ignore_errors` ends only its VMA.
 * Linux: mm/gup.c __mm_populate (7.2).
 */
export function* __mm_populate(mm: MmId, start: Vaddr, end: Vaddr, ignore_errors: number): Op<number> {
  let ret = 0;
  let nstart = start;
  yield* mmap_read_lock(mm);
  while (nstart < end) {
    const vma = yield* mas_find(mm, nstart);
    if (vma === 0) break;
    nstart = max(nstart, yield* load(vm_area_struct.vm_start, vma));
    if (nstart >= end) break;
    const nend = min(end, yield* load(vm_area_struct.vm_end, vma));
    ret = yield* populate_vma_page_range(mm, vma, nstart, nend);
    if (ret < 0 && !ignore_errors) break;
    nstart = ret < 0 ? nend : nstart + ret;
    ret = 0;
  }
  yield* mmap_read_unlock(mm);
  return ret;
}

/**
 * Sees to it that the pages of `[start, end)` are there as far as that goes.
 * Linux: include/linux/mm.h mm_populate (7.2).
 */
export function* mm_populate(mm: MmId, start: Vaddr, end: Vaddr): Op {
  yield* __mm_populate(mm, start, end, 1);
}

/**
 * Faults in the pages of `[start, end)` as an access would, for writing if `write`; under mmap_lock. Pages done, or an
 * errno if none: -EINVAL where the mapping does not allow it, -ENOMEM where there is none.
 * Linux: mm/gup.c faultin_page_range (7.2).
 */
export function* faultin_page_range(mm: MmId, start: Vaddr, end: Vaddr, write: number): Op<number> {
  const gup_flags = FOLL_TOUCH | FOLL_MADV_POPULATE | (write ? FOLL_WRITE : 0);
  return yield* __get_user_pages(mm, start, end - start, gup_flags);
}
