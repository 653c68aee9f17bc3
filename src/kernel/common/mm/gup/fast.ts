import { gup_fast_pmd_leaf, gup_fast_pte_range, gup_fast_pud_leaf } from '#scheme/mm/gup/fast.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { local_irq_restore, local_irq_save } from '../../../../machine/primitives/readers.ts';
import { mm_struct } from '../../../state/mm.ts';
import type { Entry, MmId, Vaddr } from '../../../state/numbers.ts';
import { pgd_table, pmd_table, pud_table } from '../../../state/pgtable.ts';
import { pmd_leaf, pmd_present, pte_none, pte_protnone } from '../../arch/x86/include/asm/pgtable.ts';
import { FOLL_PIN } from '../../include/gup_flags.ts';
import { _PAGE_PRESENT, pgd_slot } from '../../include/pgtable_types.ts';
import {
  pgd_addr_end,
  pmd_addr_end,
  pmd_offset,
  pud_addr_end,
  pud_offset,
} from '../../include/pgtable_walk.ts';
import { gup_pages_number } from './pages.ts';
import { unpin_user_pages } from './unpin.ts';

/**
 * Takes the pages of `[start, end)` below one PUD entry: 1, or 0 where the rest is for the slow path.
 * Linux: mm/gup.c gup_fast_pmd_range (7.2).
 */
export function* gup_fast_pmd_range(pud: Entry, start: Vaddr, end: Vaddr, flags: number): Op<number> {
  let pmdp = pmd_offset(pud, start);
  let address = start;
  while (address !== end) {
    const pmd = yield* load(pmd_table.entry, pmdp);
    const next = pmd_addr_end(address, end);
    if (!pmd_present(pmd)) return 0;
    if (pmd_leaf(pmd)) {
      if (pte_protnone(pmd)) return 0;
      if (!(yield* gup_fast_pmd_leaf(pmd, pmdp, address, next, flags))) return 0;
    } else if (!(yield* gup_fast_pte_range(pmd, pmdp, address, next, flags))) {
      return 0;
    }
    pmdp++;
    address = next;
  }
  return 1;
}

/**
 * Takes the pages of `[start, end)` below one PGD entry: 1, or 0 where the rest is for the slow path.
 * Linux: mm/gup.c gup_fast_pud_range, gup_fast_p4d_range (7.2); that level is folded.
 */
export function* gup_fast_pud_range(pgd: Entry, start: Vaddr, end: Vaddr, flags: number): Op<number> {
  let pudp = pud_offset(pgd, start);
  let address = start;
  while (address !== end) {
    const pud = yield* load(pud_table.entry, pudp);
    const next = pud_addr_end(address, end);
    if ((pud & _PAGE_PRESENT) === 0) return 0;
    if (pmd_leaf(pud)) {
      if (!(yield* gup_fast_pud_leaf(pud, pudp, address, next, flags))) return 0;
    } else if (!(yield* gup_fast_pmd_range(pud, address, next, flags))) {
      return 0;
    }
    pudp++;
    address = next;
  }
  return 1;
}

/**
 * Takes pages from `start` on as far as they can be had without a lock.
 * Linux: mm/gup.c gup_fast_pgd_range (7.2).
 */
export function* gup_fast_pgd_range(mm: MmId, start: Vaddr, end: Vaddr, flags: number): Op {
  let pgdp = pgd_slot(yield* load(mm_struct.pgd, mm), start);
  let address = start;
  while (address !== end) {
    const pgd = yield* load(pgd_table.entry, pgdp);
    const next = pgd_addr_end(address, end);
    if (pte_none(pgd)) return;
    if (!(yield* gup_fast_pud_range(pgd, address, next, flags))) return;
    pgdp++;
    address = next;
  }
}

/**
 * Takes pages of `[start, end)` without a lock: how many. Interrupts are off meanwhile, which keeps the page tables and
 * the memory map where they are. A pin must not come through entries that fork is just write-protecting.
 * Linux: mm/gup.c gup_fast (7.2).
 */
export function* gup_fast(mm: MmId, start: Vaddr, end: Vaddr, flags: number): Op<number> {
  let seq = 0;
  if (flags & FOLL_PIN) {
    seq = yield* load(mm_struct.write_protect_seq, mm);
    if (seq % 2 !== 0) return 0;
  }
  yield* local_irq_save();
  yield* gup_fast_pgd_range(mm, start, end, flags);
  yield* local_irq_restore();
  if (flags & FOLL_PIN && (yield* load(mm_struct.write_protect_seq, mm)) !== seq) {
    yield* unpin_user_pages();
    return 0;
  }
  return yield* gup_pages_number();
}
