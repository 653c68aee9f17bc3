import { pte_present } from '../../common/arch/x86/include/asm/pgtable.ts';
import type { Entry } from '../../state/numbers.ts';
import { pmd_trans_huge } from '../include/pgtable.ts';

/** Whether a huge entry maps memory. Linux: mm/memory-failure.c dev_pagemap_mapping_shift (7.2), its tests of PUD and PMD. */
export function dev_pagemap_leaf(entry: Entry): boolean {
  return pmd_trans_huge(entry);
}

/** Whether a PTE maps memory. Linux: mm/memory-failure.c dev_pagemap_mapping_shift (7.2), its test of the PTE. */
export function dev_pagemap_pte(entry: Entry): boolean {
  return pte_present(entry);
}
