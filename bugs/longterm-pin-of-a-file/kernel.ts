import type { Pfn, VmaId } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of vma_is_fsdax: files are as devices. */
export function* vma_is_fsdax__never(_vma: VmaId): Op<number> {
  return 0;
}

/** Takes the place of folio_is_longterm_pinnable: the fast walk has no VMA to ask. */
export function* folio_is_longterm_pinnable__always(_folio: Pfn): Op<number> {
  return 1;
}
