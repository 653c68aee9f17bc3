import { __get_user_pages } from '#scheme/mm/gup/slow.ts';
import type { Op } from '../../../machine/primitive.ts';
import { load_byte, PAGE_SIZE, store_byte } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import type { MmId, Pfn } from '../../state/numbers.ts';
import { EIO } from '../include/errno.ts';
import { FOLL_FORCE, FOLL_GET, FOLL_REMOTE, FOLL_TOUCH, FOLL_WRITE } from '../include/gup_flags.ts';
import { folio_put, page_folio } from '../include/mm.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/mmap_lock.ts';
import { gup_pages_remove_last } from './gup/pages.ts';
import { folio_mark_dirty_lock } from './page-writeback.ts';

/*
 * /proc/PID/mem, which forces its way wherever that does no harm to others: to read what is mapped without permission,
 * to write into private copies, but not into a shared mapping that is read-only.
 */

/**
 * A page of any process with a reference, under mmap_lock; or an errno.
 * Linux: mm/gup.c get_user_page_vma_remote, get_user_pages_remote (7.2).
 */
export function* get_user_page_remote(mm: MmId, address: number, gup_flags: number): Op<Pfn> {
  const flags = gup_flags | FOLL_GET | FOLL_TOUCH | FOLL_REMOTE;
  const got = yield* __get_user_pages(mm, div(address, PAGE_SIZE), 1, flags);
  return got < 0 ? got : yield* gup_pages_remove_last();
}

/**
 * Reads one byte: the byte, or -EIO.
 * Linux: fs/proc/base.c mem_rw (7.2); mm/memory.c __access_remote_vm (7.2).
 */
export function* proc_mem_read(mm: MmId, address: number): Op<number> {
  let value = -EIO;
  yield* mmap_read_lock(mm);
  const pfn = yield* get_user_page_remote(mm, address, FOLL_FORCE);
  if (pfn >= 0) {
    value = yield* load_byte(pfn, address % PAGE_SIZE);
    yield* folio_put(yield* page_folio(pfn));
  }
  yield* mmap_read_unlock(mm);
  return value;
}

/**
 * Writes one byte: 1 byte written, or -EIO.
 * Linux: fs/proc/base.c mem_rw (7.2); mm/memory.c __access_remote_vm (7.2).
 */
export function* proc_mem_write(mm: MmId, address: number, value: number): Op<number> {
  yield* mmap_read_lock(mm);
  const pfn = yield* get_user_page_remote(mm, address, FOLL_FORCE | FOLL_WRITE);
  if (pfn >= 0) {
    yield* store_byte(pfn, address % PAGE_SIZE, value);
    const folio = yield* page_folio(pfn);
    yield* folio_mark_dirty_lock(folio);
    yield* folio_put(folio);
  }
  yield* mmap_read_unlock(mm);
  return pfn < 0 ? -EIO : 1;
}
