import { touch_pmd } from '../../src/kernel/common/mm/gup/touch.ts';
import type { PmdSlot } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Comes in front of touch_pmd: every access is a write. */
export function* touch_pmd__as_written(pmd: PmdSlot, _write: number): Op {
  yield* touch_pmd(pmd, 1);
}
