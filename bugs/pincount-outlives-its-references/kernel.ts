import { gup_put_refs } from '#scheme/mm/gup/put.ts';
import { FOLL_PIN, GUP_PIN_COUNTING_BIAS } from '../../src/kernel/common/include/gup_flags.ts';
import { folio_test_large } from '../../src/kernel/common/include/mm.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import { page } from '../../src/kernel/state/page.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { atomic_add } from '../../src/machine/primitives/access.ts';

/** Takes the place of gup_put_folio: _pincount goes down last. */
export function* gup_put_folio__pincount_last(folio: Pfn, refs: number, flags: number): Op {
  const large = yield* folio_test_large(folio);
  yield* gup_put_refs(folio, flags & FOLL_PIN && !large ? refs * GUP_PIN_COUNTING_BIAS : refs);
  if (flags & FOLL_PIN && large) yield* atomic_add(page._pincount, folio, -refs);
}
