import type { Op } from '../../../../machine/primitive.ts';
import type { Entry, PteSlot } from '../../../state/numbers.ts';
import { pte_mkdirty, pte_mkyoung } from '../../arch/x86/include/asm/pgtable.ts';
import { ptep_set_access_flags } from '../../arch/x86/mm/pgtable.ts';
import { maybe_mkwrite } from '../../include/maybe_mkwrite.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';

/**
 * Makes an entry writable, and unlocks it.
 * Linux: mm/memory.c wp_page_reuse (7.2).
 */
export function* wp_page_reuse(pte: PteSlot, orig: Entry, vm_flags: number): Op {
  const entry = maybe_mkwrite(pte_mkdirty(pte_mkyoung(orig)), vm_flags);
  yield* ptep_set_access_flags(pte, orig, entry, 1);
  yield* pte_unmap_unlock(pte);
}
