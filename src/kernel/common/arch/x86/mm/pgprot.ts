import {
  _PAGE_ACCESSED,
  _PAGE_NX,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_RW,
  _PAGE_USER,
} from '../../../include/pgtable_types.ts';
import {
  VM_EXEC,
  VM_READ,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WRITE,
  VM_WRITENOTIFY,
} from '../../../include/vm_flags.ts';

/**
 * Flags of a fresh entry for VM_ flags; a writable private mapping gets none to write, so that a write copies.
 * Linux: arch/x86/mm/pgprot.c vm_get_page_prot, protection_map (7.2). Left out: protection keys, memory encryption.
 */
export function vm_get_page_prot(vm_flags: number): number {
  return (vm_flags & (VM_READ | VM_WRITE | VM_EXEC)) === 0
    ? _PAGE_PROTNONE | _PAGE_ACCESSED
    : _PAGE_PRESENT |
        _PAGE_USER |
        _PAGE_ACCESSED |
        ((vm_flags & (VM_WRITE | VM_SHARED)) === (VM_WRITE | VM_SHARED) ? _PAGE_RW : 0) |
        (vm_flags & VM_EXEC ? 0 : _PAGE_NX);
}

/**
 * vm_page_prot of a VMA, which follows from its flags: a file system wants to hear of writes, device-DAX does not, so that
 * only soft-dirty tracking (VM_SOFTDIRTY cleared) keeps its shared writable mappings from having writable entries.
 * Linux: mm/mmap.c vma_set_page_prot, mm/vma.c vma_wants_writenotify (7.2). Left out: userfaultfd.
 */
export function vm_page_prot(vm_flags: number): number {
  return vm_get_page_prot(
    (vm_flags & (VM_SOFTDIRTY | VM_WRITENOTIFY)) === VM_SOFTDIRTY ? vm_flags : vm_flags & ~VM_SHARED,
  );
}
