import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Vaddr, VmaId } from '../../../state/numbers.ts';
import { HPAGE_PMD_NR } from '../../include/pgtable_types.ts';
import { vma_find } from '../vma/find.ts';

/**
 * How many pages before `start` a move from `vma` to `copy` begins, so that it can take the first table of PTEs with all it
 * contains: none but the moved entries are in it then. 0 where something else may be.
 * Linux: mm/mremap.c try_realign_addr, can_realign_addr (7.2).
 */
export function* try_realign_addr(
  vma: VmaId,
  copy: VmaId,
  start: Vaddr,
  end: Vaddr,
  new_start: Vaddr,
): Op<number> {
  const before = start % HPAGE_PMD_NR;
  if (before === 0 || end - start < HPAGE_PMD_NR - before) return 0;
  if (new_start % HPAGE_PMD_NR !== before) return 0;
  if (!(yield* can_align_down(vma, start, before))) return 0;
  if (!(yield* can_align_down(copy, new_start, before))) return 0;
  return before;
}

/**
 * Whether nothing is mapped by the table of `address` before it.
 * Linux: mm/mremap.c can_align_down (7.2). Left out: the stack of a new program.
 */
export function* can_align_down(vma: VmaId, address: Vaddr, before: number): Op<number> {
  if ((yield* load(vm_area_struct.vm_start, vma)) !== address) return 0;
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  return (yield* vma_find(mm, address - before, address)) === 0 ? 1 : 0;
}
