import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { mm_struct, vm_area_struct } from '../../../state/mm.ts';
import type { Entry, MmId, PmdSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pud_table } from '../../../state/pgtable.ts';
import { pte_none } from '../../arch/x86/include/asm/pgtable.ts';
import { HPAGE_PMD_NR, HPAGE_PUD_NR, pgd_slot } from '../../include/pgtable_types.ts';
import {
  pgd_addr_end,
  pmd_addr_end,
  pmd_offset,
  pud_addr_end,
  pud_offset,
} from '../../include/pgtable_walk.ts';
import { __split_huge_pmd, __split_huge_pud } from '../huge_memory.ts';
import { change_huge_pmd, change_huge_pud } from './change_huge.ts';
import { change_pte_range } from './change_pte_range.ts';

/**
 * Gives all entries of `[start, end)` of a VMA the permissions that follow from `vm_flags`. What must be flushed is
 * noted in the thread's mmu_gather.
 * Linux: mm/mprotect.c change_protection, change_protection_range, change_p4d_range (7.2). Left out: NUMA hinting,
 * userfaultfd, MMU notifiers.
 */
export function* change_protection(vma: VmaId, start: Vaddr, end: Vaddr, vm_flags: number): Op {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const pgd = yield* load(mm_struct.pgd, mm);
  let at = start;
  while (at < end) {
    const next = pgd_addr_end(at, end);
    const entry = yield* load(pgd_table.entry, pgd_slot(pgd, at));
    if (!pte_none(entry)) yield* change_pud_range(mm, entry, at, next, vm_flags);
    at = next;
  }
}

/** Linux: mm/mprotect.c change_pud_range (7.2). */
export function* change_pud_range(mm: MmId, p4d: Entry, start: Vaddr, end: Vaddr, vm_flags: number): Op {
  let at = start;
  while (at < end) {
    const next = pud_addr_end(at, end);
    const pud = pud_offset(p4d, at);
    const entry = yield* load(pud_table.entry, pud);
    if (pud_is_huge(entry)) {
      if (next - at !== HPAGE_PUD_NR) {
        yield* __split_huge_pud(mm, pud, at);
        continue;
      }
      if (!(yield* change_huge_pud(mm, pud, at, vm_flags))) continue;
    } else if (!pte_none(entry)) {
      yield* change_pmd_range(mm, entry, at, next, vm_flags);
    }
    at = next;
  }
}

/** Linux: mm/mprotect.c change_pmd_range (7.2). */
export function* change_pmd_range(mm: MmId, pud: Entry, start: Vaddr, end: Vaddr, vm_flags: number): Op {
  let at = start;
  while (at < end) {
    const next = pmd_addr_end(at, end);
    if (yield* change_pmd_entry(mm, pmd_offset(pud, at), at, next, vm_flags)) at = next;
  }
}

/**
 * Changes what one PMD entry covers of `[start, end)`; 0 if its table was gone, and the caller has to look again.
 * Linux: mm/mprotect.c change_pmd_range (7.2), its body.
 */
export function* change_pmd_entry(
  mm: MmId,
  pmd: PmdSlot,
  start: Vaddr,
  end: Vaddr,
  vm_flags: number,
): Op<number> {
  const entry = yield* load(pmd_table.entry, pmd);
  if (pte_none(entry)) return 1;
  if (pmd_is_huge(entry)) {
    if (end - start !== HPAGE_PMD_NR) yield* __split_huge_pmd(mm, pmd, start);
    else if (yield* change_huge_pmd(pmd, start, vm_flags)) return 1;
  }
  return yield* change_pte_range(pmd, start, end, vm_flags);
}
