import type { Entry } from '../../state/numbers.ts';
import { pte_devmap } from '../include/pgtable.ts';

/** Whether a huge entry maps a device. Linux: mm/memory-failure.c dev_pagemap_mapping_shift (6.12), its tests of PUD and PMD. */
export function dev_pagemap_leaf(entry: Entry): boolean {
  return pte_devmap(entry);
}

/** Whether a PTE maps a device. Linux: mm/memory-failure.c dev_pagemap_mapping_shift (6.12), its test of the PTE. */
export function dev_pagemap_pte(entry: Entry): boolean {
  return pte_devmap(entry);
}
