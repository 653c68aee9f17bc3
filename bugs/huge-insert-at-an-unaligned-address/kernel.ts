import { pte_none } from '../../src/kernel/common/arch/x86/include/asm/pgtable.ts';
import { HPAGE_PMD_NR } from '../../src/kernel/common/include/pgtable_types.ts';
import { vmf_insert_pfn_pmd } from '../../src/kernel/devmap/mm/huge_memory.ts';
import type { Pfn, Vaddr, VmaId } from '../../src/kernel/state/numbers.ts';
import { pmd_table } from '../../src/kernel/state/pgtable.ts';
import { vm_fault } from '../../src/kernel/state/vm_fault.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';
import { get, WARN_ON_ONCE } from '../../src/machine/primitives/own.ts';

/** Comes in front of vmf_insert_pfn_pmd: the assertion of pmdp_set_access_flags gets the address as it is. */
export function* vmf_insert_pfn_pmd__at_the_address(
  vma: VmaId,
  address: Vaddr,
  pfn: Pfn,
  write: number,
): Op<number> {
  const present = !pte_none(yield* load(pmd_table.entry, get(vm_fault.pmd, 0)));
  const unaligned = address % HPAGE_PMD_NR !== 0;
  WARN_ON_ONCE(write && present && unaligned, 'pmdp_set_access_flags: the address is not aligned');
  return yield* vmf_insert_pfn_pmd(vma, address, pfn, write);
}
