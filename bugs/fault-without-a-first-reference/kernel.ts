import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of folio_ref_inc: the folio stays as it is. */
export function* folio_ref_inc__nothing(_folio: Pfn): Op {}
