import type { MmId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of mm_tlb_flush_nested: nobody else is ever unmapping. */
export function* mm_tlb_flush_nested__never(_mm: MmId): Op<number> {
  return 0;
}
