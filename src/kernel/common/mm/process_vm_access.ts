import type { Op } from '../../../machine/primitive.ts';
import { load_byte, PAGE_SIZE, store_byte } from '../../../machine/primitives/bytes.ts';
import { div, get, min } from '../../../machine/primitives/own.ts';
import { gup_pages } from '../../state/gather.ts';
import type { MmId } from '../../state/numbers.ts';
import { EFAULT, ESRCH } from '../include/errno.ts';
import { FOLL_WRITE } from '../include/gup_flags.ts';
import { mmget_not_zero, mmput } from '../kernel/fork.ts';
import { pin_user_pages_remote } from './gup/entry.ts';
import { pages_of_range } from './gup/hold.ts';
import { unpin_user_pages_dirty_lock } from './gup/unpin.ts';

/** Pages that are pinned at a time: an array of pointers in two pages. */
export const PVM_MAX_PAGES = 1024;

/**
 * Reads a range of another process: bytes moved, -EFAULT if there are none, -ESRCH if the process is at its end. The
 * address space stays as long as the reading takes, even if the process leaves it meanwhile.
 * Linux: mm/process_vm_access.c process_vm_rw_core (7.2), process_vm_readv. Left out: permission to do so.
 */
export function* process_vm_read(mm: MmId, address: number, length: number): Op<number> {
  if (!(yield* mmget_not_zero(mm))) return -ESRCH;
  const done = yield* process_vm_read_single_vec(mm, address, length);
  yield* mmput(mm);
  return done;
}

/**
 * The same while the address space is held.
 * Linux: mm/process_vm_access.c process_vm_rw_single_vec (7.2).
 */
export function* process_vm_read_single_vec(mm: MmId, address: number, length: number): Op<number> {
  let done = 0;
  while (done < length) {
    const start = address + done;
    const pages = min(PVM_MAX_PAGES, pages_of_range(start, length - done));
    const pinned = yield* pin_user_pages_remote(mm, div(start, PAGE_SIZE), pages, 0);
    if (pinned <= 0) return done > 0 ? done : -EFAULT;
    yield* load_byte(get(gup_pages.first, 1), start % PAGE_SIZE);
    yield* unpin_user_pages_dirty_lock(0);
    done += min(length - done, pinned * PAGE_SIZE - (start % PAGE_SIZE));
  }
  return done;
}

/**
 * Reads one byte of another process: the byte, -EFAULT or -ESRCH.
 * Linux: mm/process_vm_access.c process_vm_rw_core, process_vm_rw_single_vec (7.2), process_vm_readv. Left out: as above.
 */
export function* process_vm_read_byte(mm: MmId, address: number): Op<number> {
  if (!(yield* mmget_not_zero(mm))) return -ESRCH;
  let byte = -EFAULT;
  if ((yield* pin_user_pages_remote(mm, div(address, PAGE_SIZE), 1, 0)) > 0) {
    byte = yield* load_byte(get(gup_pages.first, 1), address % PAGE_SIZE);
    yield* unpin_user_pages_dirty_lock(0);
  }
  yield* mmput(mm);
  return byte;
}

/**
 * Writes one byte of another process: 1 byte moved, -EFAULT or -ESRCH.
 * Linux: mm/process_vm_access.c process_vm_rw_core, process_vm_rw_single_vec (7.2), process_vm_writev. Left out: as above.
 */
export function* process_vm_write(mm: MmId, address: number, value: number): Op<number> {
  if (!(yield* mmget_not_zero(mm))) return -ESRCH;
  let written = -EFAULT;
  if ((yield* pin_user_pages_remote(mm, div(address, PAGE_SIZE), 1, FOLL_WRITE)) > 0) {
    yield* store_byte(get(gup_pages.first, 1), address % PAGE_SIZE, value);
    yield* unpin_user_pages_dirty_lock(1);
    written = 1;
  }
  yield* mmput(mm);
  return written;
}
