import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { get } from '../../../../machine/primitives/own.ts';
import { pte_none } from '../../../common/arch/x86/include/asm/pgtable.ts';
import { vm_page_prot } from '../../../common/arch/x86/mm/pgprot.ts';
import { pmd_lock, pmd_unlock } from '../../../common/include/page_table_lock.ts';
import { _PAGE_PSE, mk_entry } from '../../../common/include/pgtable_types.ts';
import { VM_FAULT_FALLBACK, VM_FAULT_NOPAGE } from '../../../common/include/vm_fault.ts';
import { HUGE_ZERO_PFN, ZERO_PFN } from '../../../common/include/zero_page.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table } from '../../../state/pgtable.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { vmf_insert_pfn_pmd } from '../../mm/huge_memory.ts';
import { vmf_insert_mixed, vmf_insert_mixed_mkwrite } from '../../mm/memory.ts';

/**
 * Maps the `nr` frames (1 or 512) that a fault has found, in devmap entries that nothing counts.
 * Linux: fs/dax.c dax_fault_iter, dax_insert_pfn_mkwrite (6.12), their insertion.
 */
export function* dax_fault_insert(
  vma: VmaId,
  address: Vaddr,
  _entry: number,
  pfn: Pfn,
  nr: number,
  write: number,
): Op<number> {
  if (nr > 1) return yield* vmf_insert_pfn_pmd(vma, address, pfn, write);
  if (write) return yield* vmf_insert_mixed_mkwrite(vma, address, pfn);
  return yield* vmf_insert_mixed(vma, address, pfn);
}

/**
 * Maps the zero page for a hole.
 * Linux: fs/dax.c dax_load_hole (6.12), its insertion.
 */
export function* dax_load_hole(vma: VmaId, address: Vaddr): Op<number> {
  return yield* vmf_insert_mixed(vma, address, ZERO_PFN);
}

/**
 * Maps 2 MiB of zeros for a hole; what is there already stays, and smaller entries are to do.
 * Linux: fs/dax.c dax_pmd_load_hole (6.12), its insertion.
 */
export function* dax_pmd_load_hole(vma: VmaId, _address: Vaddr): Op<number> {
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pmd = get(vm_fault.pmd, 0);
  yield* pmd_lock(pmd);
  const free = pte_none(yield* load(pmd_table.entry, pmd));
  if (free) {
    yield* store(pmd_table.entry, pmd, mk_entry(HUGE_ZERO_PFN, vm_page_prot(vm_flags) | _PAGE_PSE));
  }
  yield* pmd_unlock(pmd);
  return free ? VM_FAULT_NOPAGE : VM_FAULT_FALLBACK;
}
