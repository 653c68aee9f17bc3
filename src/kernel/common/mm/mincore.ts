import type { Op } from '../../../machine/primitive.ts';
import { load } from '../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../machine/primitives/bytes.ts';
import { div } from '../../../machine/primitives/own.ts';
import { mas_walk } from '../../state/maple_tree.ts';
import type { MmId, PmdSlot, Vaddr } from '../../state/numbers.ts';
import { pte_table } from '../../state/pgtable.ts';
import { pte_present } from '../arch/x86/include/asm/pgtable.ts';
import { EINVAL, ENOMEM } from '../include/errno.ts';
import { pmd_trans_huge_lock } from '../include/huge_mm.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/mmap_lock.ts';
import { pmd_unlock, pte_unmap_unlock } from '../include/page_table_lock.ts';
import { pmd_off, walk_page_range } from './pagewalk.ts';
import { pte_offset_map_lock } from './pgtable-generic.ts';

/**
 * mincore(2) of one page, its address in bytes: 1 if it is there, 0 if not, or a negative errno. A device has no page
 * cache, so that only what is mapped is there.
 * Linux: mm/mincore.c mincore, do_mincore (7.2).
 */
export function* mincore_page(mm: MmId, address_bytes: number): Op<number> {
  if (address_bytes % PAGE_SIZE !== 0) return -EINVAL;
  const address = div(address_bytes, PAGE_SIZE);
  yield* mmap_read_lock(mm);
  const resident = (yield* mas_walk(mm, address)) === 0 ? -ENOMEM : yield* do_mincore(mm, address);
  yield* mmap_read_unlock(mm);
  return resident;
}

/** 1 if a mapped address has an entry. Linux: mm/mincore.c do_mincore (7.2). */
export function* do_mincore(mm: MmId, address: Vaddr): Op<number> {
  if ((yield* walk_page_range(mm, address, address + 1)) !== address) return 0;
  return yield* mincore_pte_range(yield* pmd_off(mm, address), address);
}

/** 1 if one address below a PMD entry has an entry. Linux: mm/mincore.c mincore_pte_range (7.2). */
export function* mincore_pte_range(pmd: PmdSlot, address: Vaddr): Op<number> {
  if (yield* pmd_trans_huge_lock(pmd)) {
    yield* pmd_unlock(pmd);
    return 1;
  }
  const pte = yield* pte_offset_map_lock(pmd, address);
  if (pte === 0) return 0;
  const entry = yield* load(pte_table.entry, pte);
  yield* pte_unmap_unlock(pte);
  return pte_present(entry) ? 1 : 0;
}
