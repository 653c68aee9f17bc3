import { _PAGE_PSE, _PAGE_SPECIAL, mk_entry } from '../../src/kernel/common/include/pgtable_types.ts';
import type { Entry, Pfn } from '../../src/kernel/state/numbers.ts';

/** Takes the place of folio_mk_pmd, for PMD and PUD leaves: with the special bit, as in 6.15. */
export function folio_mk_pmd__special(folio: Pfn, prot: number): Entry {
  return mk_entry(folio, prot | _PAGE_PSE | _PAGE_SPECIAL);
}
