import type { Op } from '../../../machine/primitive.ts';
import type { Vaddr, VmaId } from '../../state/numbers.ts';
import { dev_dax_huge_fault, dev_dax_may_split } from '../drivers/dax/device.ts';

/*
 * What a VMA's owner does about it (struct vm_operations_struct, include/linux/mm.h). The kernel keeps a pointer to the
 * owner's functions in the VMA; here the kind of file that it maps tells whose they are.
 */

/** A fault at the level of 4 KiB: VM_FAULT_ flags. Linux: include/linux/mm.h vm_operations_struct (7.2), its fault. */
export function* vm_ops_fault(vma: VmaId, address: Vaddr, flags: number): Op<number> {
  return yield* dev_dax_huge_fault(vma, address, 0, flags);
}

/** A fault at the level of `order`: VM_FAULT_ flags. Linux: include/linux/mm.h vm_operations_struct (7.2), its huge_fault. */
export function* vm_ops_huge_fault(vma: VmaId, address: Vaddr, order: number, flags: number): Op<number> {
  return yield* dev_dax_huge_fault(vma, address, order, flags);
}

/** Whether a VMA may be split at an address: 0 or -EINVAL. Linux: include/linux/mm.h vm_operations_struct (7.2), its may_split. */
export function* vm_ops_may_split(vma: VmaId, address: Vaddr): Op<number> {
  return yield* dev_dax_may_split(vma, address);
}
