import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import {
  HOLDER_GET,
  HOLDER_PIN,
  HOLDER_PIPE,
  HOLDER_REQUEST,
  holder,
  holder_of_mm,
} from '../../state/holder.ts';
import type { HolderId, MmId } from '../../state/numbers.ts';
import { put_pages, unpin_pages } from '../mm/gup_test.ts';
import { io_getevents } from './aio.ts';
import { io_buffer_unmap } from './io_uring.ts';
import { pipe_release } from './pipe.ts';

/**
 * Closes one holder, whatever it is.
 */
export function* release_holder(owner: HolderId): Op {
  const kind = yield* load(holder.kind, owner);
  if (kind === HOLDER_GET) yield* put_pages(owner);
  else if (kind === HOLDER_PIN) yield* unpin_pages(owner);
  else if (kind === HOLDER_PIPE) yield* pipe_release(owner);
  else if (kind === HOLDER_REQUEST) yield* io_getevents(owner);
  else yield* io_buffer_unmap(owner, kind);
}

/**
 * Closes what a process that exits still holds, after its address space is gone.
 * Linux: kernel/exit.c do_exit (7.2), exit_files with the release of pipes and rings.
 */
export function* release_holders_of_mm(mm: MmId): Op {
  let owner = yield* holder_of_mm(mm);
  while (owner !== 0) {
    yield* release_holder(owner);
    owner = yield* holder_of_mm(mm);
  }
}
