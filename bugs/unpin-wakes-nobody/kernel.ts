import { folio_put_refs } from '../../src/kernel/common/include/mm.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of gup_put_refs: knows nothing of pages that somebody waits for. */
export function* gup_put_refs__plain(folio: Pfn, refs: number): Op {
  yield* folio_put_refs(folio, refs);
}
