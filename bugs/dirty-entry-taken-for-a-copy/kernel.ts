import { pte_dirty, pte_write } from '../../src/kernel/common/arch/x86/include/asm/pgtable.ts';
import { FOLL_FORCE, FOLL_TOUCH, FOLL_WRITE } from '../../src/kernel/common/include/gup_flags.ts';
import { entry_pfn, HPAGE_PMD_NR } from '../../src/kernel/common/include/pgtable_types.ts';
import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import { grab_huge_page } from '../../src/kernel/common/mm/gup/follow.ts';
import { touch_pmd } from '../../src/kernel/common/mm/gup/touch.ts';
import type { Entry, Pfn, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Comes in front of touch_pmd: every access is a write. */
export function* touch_pmd__always_dirty(pmd: PmdSlot, _write: number): Op {
  yield* touch_pmd(pmd, 1);
}

/** Takes the place of follow_huge_pmd: whoever forces his way may write to what is dirty. */
export function* follow_huge_pmd__believes_dirty(
  pmd: Entry,
  pmdp: PmdSlot,
  address: Vaddr,
  flags: number,
): Op<Pfn> {
  const forced = (flags & FOLL_FORCE) !== 0 && pte_dirty(pmd);
  if (flags & FOLL_WRITE && !pte_write(pmd) && !forced) return NO_PAGE;
  const error = yield* grab_huge_page(entry_pfn(pmd), HPAGE_PMD_NR, flags);
  if (error) return error;
  if (flags & FOLL_TOUCH) yield* touch_pmd(pmdp, flags & FOLL_WRITE);
  return entry_pfn(pmd) + (address % HPAGE_PMD_NR);
}
