import { vm_normal_page, vm_normal_page_pmd } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../../machine/primitive.ts';
import { load } from '../../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../../machine/primitives/bytes.ts';
import { div } from '../../../../../machine/primitives/own.ts';
import { vm_area_struct } from '../../../../state/mm.ts';
import type { MmId, PmdSlot, Vaddr, VmaId } from '../../../../state/numbers.ts';
import { pmd_table, pte_table } from '../../../../state/pgtable.ts';
import { pte_none, pte_present } from '../../../arch/x86/include/asm/pgtable.ts';
import { pmd_trans_huge_lock } from '../../../include/huge_mm.ts';
import { page_folio } from '../../../include/mm.ts';
import { mmap_read_lock, mmap_read_unlock } from '../../../include/mmap_lock.ts';
import { pmd_unlock, pte_unmap_unlock } from '../../../include/page_table_lock.ts';
import { HPAGE_PMD_NR } from '../../../include/pgtable_types.ts';
import { pmd_addr_end } from '../../../include/pgtable_walk.ts';
import { NO_PAGE } from '../../../include/vm_normal_page.ts';
import { pmd_off, walk_page_range } from '../../../mm/pagewalk.ts';
import { pte_offset_map_lock } from '../../../mm/pgtable-generic.ts';
import { vma_find } from '../../../mm/vma/find.ts';

/**
 * Rss in bytes, as /proc/PID/smaps shows it, of all VMAs that lie at least in part in a range; start and length in bytes.
 * Linux: fs/proc/task_mmu.c show_smap, smap_gather_stats (7.2).
 */
export function* smaps_rss(mm: MmId, start_bytes: number, length_bytes: number): Op<number> {
  const start = div(start_bytes, PAGE_SIZE);
  const end = div(start_bytes + length_bytes + PAGE_SIZE - 1, PAGE_SIZE);
  yield* mmap_read_lock(mm);
  let resident = 0;
  let vma = yield* vma_find(mm, start, end);
  while (vma !== 0) {
    resident += yield* smap_gather_stats(mm, vma);
    vma = yield* vma_find(mm, yield* load(vm_area_struct.vm_end, vma), end);
  }
  yield* mmap_read_unlock(mm);
  return resident * PAGE_SIZE;
}

/** Resident pages of one VMA. Linux: fs/proc/task_mmu.c smap_gather_stats (7.2). */
export function* smap_gather_stats(mm: MmId, vma: VmaId): Op<number> {
  const end = yield* load(vm_area_struct.vm_end, vma);
  let resident = 0;
  let at = yield* walk_page_range(mm, yield* load(vm_area_struct.vm_start, vma), end);
  while (at < end) {
    const next = pmd_addr_end(at, end);
    resident += yield* smaps_pte_range(yield* pmd_off(mm, at), at, next);
    at = yield* walk_page_range(mm, next, end);
  }
  return resident;
}

/**
 * Resident pages of what one PMD entry covers.
 * Linux: fs/proc/task_mmu.c smaps_pte_range, smaps_pmd_entry (7.2).
 */
export function* smaps_pte_range(pmd: PmdSlot, address: Vaddr, end: Vaddr): Op<number> {
  if (yield* pmd_trans_huge_lock(pmd)) {
    const resident = yield* smaps_account(
      vm_normal_page_pmd(yield* load(pmd_table.entry, pmd)),
      HPAGE_PMD_NR,
    );
    yield* pmd_unlock(pmd);
    return resident;
  }
  const first = yield* pte_offset_map_lock(pmd, address);
  if (first === 0) return 0;
  let resident = 0;
  for (let at = address; at < end; at++) {
    const entry = yield* load(pte_table.entry, first + at - address);
    if (!pte_none(entry) && pte_present(entry)) resident += yield* smaps_account(vm_normal_page(entry), 1);
  }
  yield* pte_unmap_unlock(first);
  return resident;
}

/**
 * Counts pages that an entry maps, if the kernel knows the first as a page at all.
 * Linux: fs/proc/task_mmu.c smaps_account (7.2). Left out: all but Rss.
 */
export function* smaps_account(pfn: number, nr: number): Op<number> {
  if (pfn === NO_PAGE) return 0;
  yield* page_folio(pfn);
  return nr;
}
