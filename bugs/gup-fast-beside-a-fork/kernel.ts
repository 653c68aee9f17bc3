import { gup_fast_pgd_range } from '../../src/kernel/common/mm/gup/fast.ts';
import { gup_pages_number } from '../../src/kernel/common/mm/gup/pages.ts';
import type { MmId, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { local_irq_restore, local_irq_save } from '../../src/machine/primitives/readers.ts';

/** Takes the place of gup_fast: does not look whether a fork came between. */
export function* gup_fast__whoever_forks(mm: MmId, start: Vaddr, end: Vaddr, flags: number): Op<number> {
  yield* local_irq_save();
  yield* gup_fast_pgd_range(mm, start, end, flags);
  yield* local_irq_restore();
  return yield* gup_pages_number();
}
