import { gup_put_refs } from '#scheme/mm/gup/put.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { atomic_add, load } from '../../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import type { Pfn } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { ENOMEM } from '../../include/errno.ts';
import {
  FOLL_GET,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
  GUP_PIN_COUNTING_BIAS,
} from '../../include/gup_flags.ts';
import { folio_is_fsdax } from '../../include/memremap.ts';
import {
  folio_ref_add,
  folio_ref_count,
  folio_ref_try_add,
  folio_test_large,
  page_folio,
} from '../../include/mm.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';
import { is_frame_of_zeros } from '../../include/zero_page.ts';

/*
 * Taking and dropping what GUP holds of a folio. A pin of a small folio is GUP_PIN_COUNTING_BIAS references; one of a
 * large folio is one reference and one in _pincount.
 */

/**
 * References of the folio that a page is found to belong to, taken without anything that keeps it: the folio, or
 * NO_PAGE if it is free. The page may change folios meanwhile, and then it is tried again.
 * Linux: mm/gup.c try_get_folio (7.2).
 */
export function* try_get_folio(pfn: Pfn, refs: number): Op<Pfn> {
  for (;;) {
    const folio = yield* page_folio(pfn);
    const count = yield* folio_ref_count(folio);
    if (WARN_ON_ONCE(count < 0, 'try_get_folio: the reference count is negative', folio)) return NO_PAGE;
    if (!(yield* folio_ref_try_add(folio, refs))) return NO_PAGE;
    if ((yield* page_folio(pfn)) === folio) return folio;
    yield* gup_put_refs(folio, refs);
  }
}

/**
 * Whether a folio may be pinned for as long as user space likes: not if it belongs to a file.
 * Linux: include/linux/mm.h folio_is_longterm_pinnable (7.2). Left out: movable and coherent memory.
 */
export function* folio_is_longterm_pinnable(folio: Pfn): Op<number> {
  return (yield* folio_is_fsdax(folio)) ? 0 : 1;
}

/**
 * Grabs `refs` pages from `pfn` on for a walker that holds no lock: their folio, or NO_PAGE to leave it to the slow
 * path.
 * Linux: mm/gup.c try_grab_folio_fast (7.2). Left out: P2PDMA, statistics; the references of pages of zeros.
 */
export function* try_grab_folio_fast(pfn: Pfn, refs: number, flags: number): Op<Pfn> {
  if (is_frame_of_zeros(pfn)) return pfn;
  const folio = yield* try_get_folio(pfn, refs);
  if (folio === NO_PAGE || !(flags & FOLL_PIN)) return folio;
  if (flags & FOLL_LONGTERM && !(yield* folio_is_longterm_pinnable(folio))) {
    yield* gup_put_refs(folio, refs);
    return NO_PAGE;
  }
  if (yield* folio_test_large(folio)) yield* atomic_add(page._pincount, folio, refs);
  else yield* folio_ref_add(folio, refs * (GUP_PIN_COUNTING_BIAS - 1));
  return folio;
}

/**
 * Grabs pages of a folio that a present entry under its lock keeps alive: 0 or -ENOMEM. Without FOLL_GET and FOLL_PIN
 * it takes nothing.
 * Linux: mm/gup.c try_grab_folio (7.2). Left out: P2PDMA, statistics; the references of pages of zeros.
 */
export function* try_grab_folio(folio: Pfn, refs: number, flags: number): Op<number> {
  if (is_frame_of_zeros(folio)) return 0;
  const count = yield* folio_ref_count(folio);
  if (WARN_ON_ONCE(count <= 0, 'try_grab_folio: the folio is free', folio)) return -ENOMEM;
  if (flags & FOLL_GET) {
    yield* folio_ref_add(folio, refs);
  } else if (flags & FOLL_PIN) {
    if (yield* folio_test_large(folio)) {
      yield* folio_ref_add(folio, refs);
      yield* atomic_add(page._pincount, folio, refs);
    } else {
      yield* folio_ref_add(folio, refs * GUP_PIN_COUNTING_BIAS);
    }
  }
  return 0;
}

/**
 * Drops what one of the two above took of `refs` pages.
 * Linux: mm/gup.c gup_put_folio (7.2). Left out: statistics; the references of pages of zeros.
 */
export function* gup_put_folio(folio: Pfn, refs: number, flags: number): Op {
  if (is_frame_of_zeros(folio)) return;
  let count = refs;
  if (flags & FOLL_PIN) {
    if (yield* folio_test_large(folio)) yield* atomic_add(page._pincount, folio, -refs);
    else count = refs * GUP_PIN_COUNTING_BIAS;
  }
  yield* gup_put_refs(folio, count);
}

/**
 * Whether GUP-fast may hand out a folio that it holds: a lasting pin for writing needs the slow path's look at the
 * file, and a page that left its file needs it always.
 * Linux: mm/gup.c gup_fast_folio_allowed (7.2). Left out: anonymous and hugetlb folios; of files, shmem and secretmem.
 */
export function* gup_fast_folio_allowed(folio: Pfn, flags: number): Op<number> {
  const lasting = FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE;
  const reject_file_backed = (flags & lasting) === lasting;
  if (!reject_file_backed && (yield* folio_test_large(folio))) return 1;
  if ((yield* load(page.mapping, folio)) === 0) return 0;
  return reject_file_backed ? 0 : 1;
}

/**
 * Whether a pin through a read-only entry has to make sure of the page first, for all that a walker without the VMA can
 * know. Through the VMA of a shared mapping, the slow path's answer is always no.
 * Linux: mm/internal.h gup_must_unshare (7.2), without a VMA. Left out: anonymous pages.
 */
export function gup_must_unshare(flags: number): boolean {
  return (flags & (FOLL_WRITE | FOLL_PIN | FOLL_LONGTERM)) === (FOLL_PIN | FOLL_LONGTERM);
}
