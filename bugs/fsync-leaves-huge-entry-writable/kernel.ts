import type { MmId, Pfn, PmdSlot, Vaddr } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of pmd_mkclean_one: only PTEs are cleaned. */
export function* pmd_mkclean_one__nothing(
  _mm: MmId,
  _pmd: PmdSlot,
  _pfn: Pfn,
  _nr: number,
  _address: Vaddr,
): Op {}
