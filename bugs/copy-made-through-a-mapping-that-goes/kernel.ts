import { pte_none } from '../../src/kernel/common/arch/x86/include/asm/pgtable.ts';
import { folio_put } from '../../src/kernel/common/include/mm.ts';
import { pte_unmap_unlock } from '../../src/kernel/common/include/page_table_lock.ts';
import { entry_pfn } from '../../src/kernel/common/include/pgtable_types.ts';
import { VM_FAULT_OOM } from '../../src/kernel/common/include/vm_fault.ts';
import { NO_PAGE } from '../../src/kernel/common/include/vm_normal_page.ts';
import { cow_pte, vmf_anon_prepare } from '../../src/kernel/common/mm/memory/cow_fault.ts';
import { wp_page_copy, wp_page_replace } from '../../src/kernel/common/mm/memory/wp_private.ts';
import { pte_offset_map, pte_offset_map_lock } from '../../src/kernel/common/mm/pgtable-generic.ts';
import { alloc_anon_page } from '../../src/kernel/state/anon_page.ts';
import { copy_pages } from '../../src/kernel/state/medium_copy.ts';
import { vm_area_struct } from '../../src/kernel/state/mm.ts';
import type { Entry, Pfn, Vaddr, VmaId } from '../../src/kernel/state/numbers.ts';
import { pte_table } from '../../src/kernel/state/pgtable.ts';
import { vm_fault } from '../../src/kernel/state/vm_fault.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';
import { get } from '../../src/machine/primitives/own.ts';

/**
 * Takes the place of wp_page_copy where the old page is not counted: reads through the mapping, and does not read again
 * under the lock of the entry what it could not read without.
 */
export function* wp_page_copy__leaves_zeros(
  vma: VmaId,
  address: Vaddr,
  flags: number,
  orig: Entry,
  vm_flags: number,
  old: Pfn,
): Op<number> {
  if (old !== NO_PAGE) return yield* wp_page_copy(vma, address, flags, orig, vm_flags, old);
  const refused = yield* vmf_anon_prepare(vma, flags);
  if (refused) return refused;
  const copy = yield* alloc_anon_page();
  if (copy === 0) return VM_FAULT_OOM;
  const source = yield* pte_offset_map(get(vm_fault.pmd, 0), address);
  const readable = source === 0 ? 0 : yield* load(pte_table.entry, source);
  if (!pte_none(readable)) yield* copy_pages(copy, entry_pfn(readable), 1);
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const pte = yield* pte_offset_map_lock(get(vm_fault.pmd, 0), address);
  const same = pte !== 0 && (yield* load(pte_table.entry, pte)) === orig;
  if (same) yield* wp_page_replace(mm, address, pte, orig, old, copy, cow_pte(copy, vm_flags));
  if (pte !== 0) yield* pte_unmap_unlock(pte);
  if (!same) yield* folio_put(copy);
  return 0;
}
