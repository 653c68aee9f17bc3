import { folio_ref_add } from '../../src/kernel/common/include/mm.ts';
import { add_mm_counter } from '../../src/kernel/common/include/mm_counter.ts';
import { HPAGE_PMD_NR } from '../../src/kernel/common/include/pgtable_types.ts';
import { folio_add_file_rmap_pmd } from '../../src/kernel/common/mm/rmap.ts';
import type { MmId, Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of insert_pmd_counts: 512 references for one entry. */
export function* insert_pmd_counts__per_page(mm: MmId, folio: Pfn): Op {
  yield* folio_ref_add(folio, HPAGE_PMD_NR);
  yield* folio_add_file_rmap_pmd(folio);
  yield* add_mm_counter(mm, HPAGE_PMD_NR);
}
