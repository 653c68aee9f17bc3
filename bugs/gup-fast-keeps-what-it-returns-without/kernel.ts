import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of gup_fast_undo_grab: nothing is given back. */
export function* gup_fast_undo_grab__nothing(_folio: Pfn, _refs: number, _flags: number): Op {}
