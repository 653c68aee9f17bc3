import { vm_normal_page } from '#scheme/mm/memory.ts';
import type { Op } from '../../../../machine/primitive.ts';
import type { Entry } from '../../../state/numbers.ts';
import { pte_dirty, pte_mkwrite, pte_protnone, pte_write } from '../../arch/x86/include/asm/pgtable.ts';
import { folio_test_anon, PageAnonExclusive } from '../../include/anon_page.ts';
import { _PAGE_SOFT_DIRTY } from '../../include/pgtable_types.ts';
import { VM_SHARED, VM_SOFTDIRTY, VM_WRITE, VM_WRITENOTIFY } from '../../include/vm_flags.ts';
import { NO_PAGE } from '../../include/vm_normal_page.ts';

/**
 * Whether entries of a writable mapping do not become writable by its permissions alone: those of private mappings, and
 * of files whose file system wants to hear of the first write to a page.
 * Linux: mm/mprotect.c mprotect_fixup; mm/internal.h, mm/vma.c vma_wants_manual_pte_write_upgrade (7.2), which asks
 * vm_ops first: of a driver that wants to hear of nothing it takes a vm_page_prot without the new permissions for the driver's own.
 */
export function vma_wants_manual_pte_write_upgrade(vm_flags: number): boolean {
  return (vm_flags & VM_WRITE) !== 0 && (vm_flags & (VM_SHARED | VM_WRITENOTIFY)) !== VM_SHARED;
}

/**
 * 1 if nobody needs to hear of a write through such an entry any more: a page of a shared file that is dirty, a private copy
 * that no other process has.
 * Linux: mm/mprotect.c can_change_pte_writable, maybe_change_pte_writable (7.2). Left out: userfaultfd.
 */
export function* can_change_pte_writable(entry: Entry, vm_flags: number): Op<number> {
  if (pte_protnone(entry)) return 0;
  if ((vm_flags & VM_SOFTDIRTY) === 0 && (entry & _PAGE_SOFT_DIRTY) === 0) return 0;
  if (vm_flags & VM_SHARED) return pte_dirty(entry) ? 1 : 0;
  const pfn = vm_normal_page(entry);
  return pfn !== NO_PAGE && folio_test_anon(pfn) ? yield* PageAnonExclusive(pfn) : 0;
}

/**
 * A PTE that was given new permissions, writable if it can be.
 * Linux: mm/mprotect.c change_pte_range (7.2), its part for MM_CP_TRY_CHANGE_WRITABLE.
 */
export function* pte_upgraded(entry: Entry, vm_flags: number): Op<Entry> {
  if (!vma_wants_manual_pte_write_upgrade(vm_flags) || pte_write(entry)) return entry;
  return (yield* can_change_pte_writable(entry, vm_flags)) ? pte_mkwrite(entry) : entry;
}

/**
 * The same of a PMD leaf; no private copy is as large as that.
 * Linux: mm/huge_memory.c change_huge_pmd, can_change_pmd_writable (7.2).
 */
export function* pmd_upgraded(entry: Entry, vm_flags: number): Op<Entry> {
  return vm_flags & VM_SHARED ? yield* pte_upgraded(entry, vm_flags) : entry;
}
