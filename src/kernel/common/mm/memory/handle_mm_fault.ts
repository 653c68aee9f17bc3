import { pmd_is_huge, pud_is_huge } from '#scheme/include/pgtable.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { put } from '../../../../machine/primitives/own.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { Entry, MmId, PmdSlot, PudSlot, Vaddr, VmaId } from '../../../state/numbers.ts';
import { pmd_table, pud_table } from '../../../state/pgtable.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { pte_none, pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { FAULT_FLAG_WRITE, PMD_ORDER, PUD_ORDER, VM_FAULT_FALLBACK } from '../../include/vm_fault.ts';
import { VM_MAYSHARE, VM_SHARED } from '../../include/vm_flags.ts';
import { vm_ops_huge_fault } from '../../include/vm_operations.ts';
import {
  __split_huge_pmd,
  __split_huge_pud,
  huge_pmd_set_accessed,
  huge_pud_set_accessed,
  thp_vma_allowable_order,
} from '../huge_memory.ts';
import { pmd_alloc, pud_alloc } from './pgtable_alloc.ts';
import { handle_pte_fault } from './pte_fault.ts';

/**
 * Goes down the levels, and offers each where nothing is mapped yet to the driver.
 * Linux: mm/memory.c __handle_mm_fault (7.2). Left out: the levels that x86-64 folds, migration entries.
 */
export function* __handle_mm_fault(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  const mm = yield* load(vm_area_struct.vm_mm, vma);
  const vm_flags = yield* load(vm_area_struct.vm_flags, vma);
  const pud = yield* pud_alloc(mm, address);
  put(vm_fault.pud, 0, pud);
  let pmd: PmdSlot = 0;
  while (pmd === 0) {
    const fault = yield* handle_pud_fault(mm, vma, address, flags, vm_flags, pud);
    if ((fault & VM_FAULT_FALLBACK) === 0) return fault;
    const slot = yield* pmd_alloc(mm, pud, address);
    if ((yield* pud_trans_unstable(pud)) === 0) pmd = slot;
  }
  put(vm_fault.pmd, 0, pmd);
  const fault = yield* handle_pmd_fault(mm, vma, address, flags, vm_flags, pmd);
  if ((fault & VM_FAULT_FALLBACK) === 0) return fault;
  return yield* handle_pte_fault(vma, address, flags, vm_flags, pmd);
}

/**
 * Whether a PUD entry is something else than a table, as after another thread's fault or unmapping.
 * Linux: include/linux/pgtable.h pud_trans_unstable (7.2).
 */
export function* pud_trans_unstable(pud: PudSlot): Op<number> {
  const entry = yield* load(pud_table.entry, pud);
  return pte_none(entry) || pud_is_huge(entry) ? 1 : 0;
}

/**
 * The fault at the level of 1 GiB; VM_FAULT_FALLBACK sends it on to the next. The entry is looked at twice: a leaf that
 * goes in between leaves the fault to the levels below, where a device of larger pages answers with SIGBUS.
 * Linux: mm/memory.c __handle_mm_fault (7.2), its part for the PUD.
 */
export function* handle_pud_fault(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  flags: number,
  vm_flags: number,
  pud: PudSlot,
): Op<number> {
  if (pte_none(yield* load(pud_table.entry, pud)) && thp_vma_allowable_order(vm_flags)) {
    return yield* create_huge_pud(vma, address, flags);
  }
  const orig: Entry = yield* load(pud_table.entry, pud);
  if (!pud_is_huge(orig)) return VM_FAULT_FALLBACK;
  if (flags & FAULT_FLAG_WRITE && !pte_write(orig)) return yield* wp_huge_pud(mm, vma, address, flags, pud);
  yield* huge_pud_set_accessed(mm, pud, orig, flags & FAULT_FLAG_WRITE);
  return 0;
}

/** Linux: mm/memory.c create_huge_pud (7.2). */
export function* create_huge_pud(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  return yield* vm_ops_huge_fault(vma, address, PUD_ORDER, flags);
}

/**
 * A write to a PUD leaf that does not allow it: the driver may, else the leaf goes.
 * Linux: mm/memory.c wp_huge_pud (7.2).
 */
export function* wp_huge_pud(mm: MmId, vma: VmaId, address: Vaddr, flags: number, pud: PudSlot): Op<number> {
  const fault = yield* vm_ops_huge_fault(vma, address, PUD_ORDER, flags);
  if ((fault & VM_FAULT_FALLBACK) === 0) return fault;
  yield* __split_huge_pud(mm, pud, address);
  return VM_FAULT_FALLBACK;
}

/**
 * The fault at the level of 2 MiB; VM_FAULT_FALLBACK sends it on to the next. Two looks, as above.
 * Linux: mm/memory.c __handle_mm_fault (7.2), its part for the PMD; create_huge_pmd, wp_huge_pmd (7.2).
 */
export function* handle_pmd_fault(
  mm: MmId,
  vma: VmaId,
  address: Vaddr,
  flags: number,
  vm_flags: number,
  pmd: PmdSlot,
): Op<number> {
  let present = 0;
  if (!pte_none(yield* load(pmd_table.entry, pmd)) || !thp_vma_allowable_order(vm_flags)) {
    const orig: Entry = yield* load(pmd_table.entry, pmd);
    if (!pmd_is_huge(orig)) return VM_FAULT_FALLBACK;
    if (!(flags & FAULT_FLAG_WRITE) || pte_write(orig)) {
      yield* huge_pmd_set_accessed(pmd, orig, flags & FAULT_FLAG_WRITE);
      return 0;
    }
    present = 1;
  }
  const fault =
    present && !(vm_flags & (VM_SHARED | VM_MAYSHARE))
      ? VM_FAULT_FALLBACK
      : yield* vm_ops_huge_fault(vma, address, PMD_ORDER, flags);
  if (present && fault & VM_FAULT_FALLBACK) {
    yield* __split_huge_pmd(mm, pmd, address);
    return VM_FAULT_FALLBACK;
  }
  return fault;
}
