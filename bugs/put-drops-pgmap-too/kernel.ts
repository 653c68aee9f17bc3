import { gup_put_folio } from '../../src/kernel/common/mm/gup/grab.ts';
import { put_dev_pagemap } from '../../src/kernel/common/mm/memremap.ts';
import type { Pfn } from '../../src/kernel/state/numbers.ts';
import { page } from '../../src/kernel/state/page.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';

/** Comes in front of gup_put_folio: as if each get had taken the pgmap. */
export function* gup_put_folio__drops_pgmap(folio: Pfn, refs: number, flags: number): Op {
  yield* put_dev_pagemap(yield* load(page.pgmap, folio));
  yield* gup_put_folio(folio, refs, flags);
}
