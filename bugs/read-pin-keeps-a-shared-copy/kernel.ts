import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of gup_must_unshare_anon: whoever only reads may have what others have too. */
export function* gup_must_unshare_anon__never(_pfn: Pfn, _flags: number): Op<number> {
  return 0;
}
