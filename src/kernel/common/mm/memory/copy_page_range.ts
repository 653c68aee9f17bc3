import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { atomic_add, load } from '../../../../machine/primitives/access.ts';
import { spin_lock } from '../../../../machine/primitives/locks.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { Entry, MmId, PmdSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, ptdesc, pte_table, pud_table } from '../../../state/pgtable.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { CONFIG_FS_DAX } from '../../include/config.ts';
import { pte_unmap_unlock } from '../../include/page_table_lock.ts';
import { pgd_slot, table_of_slot } from '../../include/pgtable_types.ts';
import {
  pgd_addr_end,
  pmd_addr_end,
  pmd_offset,
  pud_addr_end,
  pud_offset,
} from '../../include/pgtable_walk.ts';
import { pte_offset_map } from '../pgtable-generic.ts';
import { copy_present_pte } from './copy_present_pte.ts';
import { get_locked_pte } from './pgtable_alloc.ts';

/**
 * Copies the entries of a VMA to the child's copy of it, if a fault could not bring them back: if it has private pages. Who
 * pins pages without a lock meanwhile has to try again, since entries lose their permission to write.
 * Linux: mm/memory.c copy_page_range, vma_needs_copy (7.2). Left out: running out of memory, MMU notifiers.
 */
export function* copy_page_range(dst_vma: VmaId, src_vma: VmaId): Op {
  if (!CONFIG_FS_DAX || !(yield* load(vm_area_struct.anon_vma, src_vma))) return;
  const src_mm = yield* load(vm_area_struct.vm_mm, src_vma);
  const pgd = yield* load(mm_struct.pgd, src_mm);
  const end = yield* load(vm_area_struct.vm_end, src_vma);
  let at = yield* load(vm_area_struct.vm_start, src_vma);
  yield* atomic_add(mm_struct.write_protect_seq, src_mm, 1);
  while (at < end) {
    const next = pgd_addr_end(at, end);
    const entry = yield* load(pgd_table.entry, pgd_slot(pgd, at));
    if (!pte_none(entry)) yield* copy_pud_range(dst_vma, src_vma, entry, at, next);
    at = next;
  }
  yield* atomic_add(mm_struct.write_protect_seq, src_mm, 1);
}

/** Linux: mm/memory.c copy_pud_range (7.2). Left out: leaves of 1 GiB, which no file has. */
export function* copy_pud_range(dst_vma: VmaId, src_vma: VmaId, p4d: Entry, start: Vaddr, end: Vaddr): Op {
  let at = start;
  while (at < end) {
    const next = pud_addr_end(at, end);
    const entry = yield* load(pud_table.entry, pud_offset(p4d, at));
    if (!pte_none(entry) && !pud_is_huge(entry)) {
      yield* copy_pmd_range(dst_vma, src_vma, entry, at, next);
    }
    at = next;
  }
}

/**
 * Linux: mm/memory.c copy_pmd_range (7.2); mm/huge_memory.c copy_huge_pmd (7.2), which passes over what a fault can bring
 * back. Left out: copying the leaf of huge zeros, which a fault brings back as well.
 */
export function* copy_pmd_range(dst_vma: VmaId, src_vma: VmaId, pud: Entry, start: Vaddr, end: Vaddr): Op {
  let at = start;
  while (at < end) {
    const next = pmd_addr_end(at, end);
    const pmd = pmd_offset(pud, at);
    const entry = yield* load(pmd_table.entry, pmd);
    if (!pte_none(entry) && !pmd_is_huge(entry)) yield* copy_pte_range(dst_vma, src_vma, pmd, at, next);
    at = next;
  }
}

/**
 * Copies the PTEs of `[start, end)`, all in one table, with both tables locked.
 * Linux: mm/memory.c copy_pte_range (7.2). Left out: giving way to other tasks.
 */
export function* copy_pte_range(
  dst_vma: VmaId,
  src_vma: VmaId,
  src_pmd: PmdSlot,
  start: Vaddr,
  end: Vaddr,
): Op {
  const dst_mm: MmId = yield* load(vm_area_struct.vm_mm, dst_vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, src_vma);
  const dst = yield* get_locked_pte(dst_mm, start);
  if (dst === 0) return;
  const src = yield* pte_offset_map(src_pmd, start);
  if (src !== 0) {
    yield* spin_lock(ptdesc.ptl, table_of_slot(src));
    for (let i = 0; i < end - start; i++) {
      const entry = yield* load(pte_table.entry, src + i);
      if (!pte_none(entry)) yield* copy_present_pte(dst_mm, vm_flags, dst + i, src + i, entry);
    }
    yield* pte_unmap_unlock(src);
  }
  yield* pte_unmap_unlock(dst);
}
