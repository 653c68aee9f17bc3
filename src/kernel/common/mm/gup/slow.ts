import { __get_user_pages } from '#scheme/mm/gup/slow.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { get, min, WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { follow_page_context } from '../../../state/gup.ts';
import { mas_walk } from '../../../state/maple_tree.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { EEXIST, EFAULT, EINVAL, EMLINK, ENOMEM } from '../../include/errno.ts';
import { FOLL_GET, FOLL_MADV_POPULATE, FOLL_PIN, FOLL_REMOTE, FOLL_WRITE } from '../../include/gup_flags.ts';
import { page_folio } from '../../include/mm.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../include/mmap_lock.ts';
import {
  FAULT_FLAG_REMOTE,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  VM_FAULT_ERROR,
  VM_FAULT_OOM,
} from '../../include/vm_fault.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { handle_mm_fault } from '../memory.ts';
import { follow_page_mask } from './follow.ts';
import { gup_put_folio, try_grab_folio } from './grab.ts';
import { gup_pages_add } from './pages.ts';
import { check_vma_flags } from './vma.ts';

/**
 * What becomes of a failed fault. Linux: include/linux/mm.h vm_fault_to_errno (7.2), without FOLL_HWPOISON.
 */
export function vm_fault_to_errno(fault: number): number {
  return fault & VM_FAULT_OOM ? -ENOMEM : -EFAULT;
}

/**
 * Faults an address in, or with `unshare` makes a private copy there the process's own: 0, -EFAULT or -ENOMEM.
 * Linux: mm/gup.c faultin_page (7.2). Left out: faults that drop mmap_lock, as none on DAX does.
 */
export function* faultin_page(vma: VmaId, address: Vaddr, gup_flags: number, unshare: number): Op<number> {
  const write = unshare ? FAULT_FLAG_UNSHARE : gup_flags & FOLL_WRITE ? FAULT_FLAG_WRITE : 0;
  const remote = gup_flags & FOLL_REMOTE ? FAULT_FLAG_REMOTE : 0;
  const fault = yield* handle_mm_fault(vma, address, write | remote);
  return fault & VM_FAULT_ERROR ? vm_fault_to_errno(fault) : 0;
}

/**
 * The page of an address, faulted in as often as it takes; or an errno.
 * Linux: mm/gup.c __get_user_pages (7.2), the part that it repeats for one address.
 */
export function* gup_follow_page(mm: MmId, vma: VmaId, address: Vaddr, gup_flags: number): Op<Pfn> {
  for (;;) {
    const pfn = yield* follow_page_mask(mm, address, gup_flags);
    if (pfn !== NO_PAGE && pfn !== -EMLINK) return pfn;
    const error = yield* faultin_page(vma, address, gup_flags, pfn === -EMLINK ? 1 : 0);
    if (error) return error;
  }
}

/**
 * Whether GUP may work on what lies at an address: 0 or an errno, which for MADV_POPULATE differs.
 * Linux: mm/gup.c __get_user_pages (7.2), where it enters a VMA.
 */
export function* gup_enter_vma(vma: VmaId, gup_flags: number): Op<number> {
  if (vma === 0) return gup_flags & FOLL_MADV_POPULATE ? -ENOMEM : -EFAULT;
  const error = yield* check_vma_flags(vma, gup_flags);
  return error && gup_flags & FOLL_MADV_POPULATE ? -EINVAL : error;
}

/**
 * Notes `increment` pages from `pfn` on, of which the walk grabbed the first: 0, or -EFAULT with none kept.
 * Linux: mm/gup.c __get_user_pages (7.2), from next_page on.
 */
export function* gup_collect(pfn: Pfn, increment: number, gup_flags: number): Op<number> {
  if (increment > 1) {
    const folio = yield* page_folio(pfn);
    if (yield* try_grab_folio(folio, increment - 1, gup_flags)) {
      yield* gup_put_folio(folio, 1, gup_flags);
      return -EFAULT;
    }
  }
  yield* gup_pages_add(pfn, increment);
  return 0;
}

/**
 * Walks over `nr_pages` pages from `start` on, under mmap_lock: pages done, or an errno if none. It collects them if
 * the flags have FOLL_GET or FOLL_PIN, and else only sees to it that they are there.
 * Linux: mm/gup.c __get_user_pages (7.2), all but the pgmap that it held up to 6.14.
 */
export function* gup_walk(mm: MmId, start: Vaddr, nr_pages: number, gup_flags: number): Op<number> {
  const collects = gup_flags & (FOLL_GET | FOLL_PIN);
  let done = 0;
  let vma = 0;
  let error = 0;
  while (done < nr_pages) {
    const address = start + done;
    if (vma === 0 || address >= (yield* load(vm_area_struct.vm_end, vma))) {
      vma = yield* mas_walk(mm, address);
      error = yield* gup_enter_vma(vma, gup_flags);
      if (error) break;
    }
    const pfn = yield* gup_follow_page(mm, vma, address, gup_flags);
    if (pfn < 0 && (pfn !== -EEXIST || collects)) {
      error = pfn;
      break;
    }
    const page_mask = get(follow_page_context.page_mask, 0);
    const increment = min(page_mask + 1 - (address & page_mask), nr_pages - done);
    if (collects) error = yield* gup_collect(pfn, increment, gup_flags);
    if (error) break;
    done += increment;
  }
  return done > 0 ? done : error;
}

/**
 * Takes pages under mmap_lock, which it takes itself: how many, or an errno if none.
 * Linux: mm/gup.c __get_user_pages_locked, __gup_longterm_locked (7.2). Left out: starting again after a fault that
 * dropped mmap_lock; moving what may not be pinned for long, as no device page can move.
 */
export function* __get_user_pages_locked(
  mm: MmId,
  start: Vaddr,
  nr_pages: number,
  gup_flags: number,
): Op<number> {
  yield* mmap_read_lock(mm);
  const pages_done = yield* __get_user_pages(mm, start, nr_pages, gup_flags);
  yield* mmap_read_unlock(mm);
  if (WARN_ON_ONCE(pages_done === 0, '__get_user_pages_locked: nothing done')) return -EFAULT;
  return pages_done;
}
