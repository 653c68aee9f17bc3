import type { Entry } from '../../state/numbers.ts';
import { pte_mkwrite } from '../arch/x86/include/asm/pgtable.ts';
import { VM_WRITE } from './vm_flags.ts';

/**
 * The entry made writable if the mapping allows it.
 * Linux: include/linux/mm.h maybe_mkwrite (7.2). Linux: mm/huge_memory.c maybe_pmd_mkwrite,
 * maybe_pud_mkwrite (7.2).
 */
export function maybe_mkwrite(entry: Entry, vm_flags: number): Entry {
  return vm_flags & VM_WRITE ? pte_mkwrite(entry) : entry;
}
