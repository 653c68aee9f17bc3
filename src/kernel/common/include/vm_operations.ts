import type { Op } from '../../../machine/primitive.ts';
import type { Vaddr, VmaId } from '../../state/numbers.ts';
import { vma_is_file, vma_is_xfs } from '../../state/vma_owner.ts';
import { dev_dax_huge_fault, dev_dax_may_split } from '../drivers/dax/device.ts';
import { dax_file_fault } from '../fs/dax/file_fault.ts';
import { CONFIG_FS_DAX } from './config.ts';

/*
 * What a VMA's owner does about it (struct vm_operations_struct, include/linux/mm.h). The kernel keeps a pointer to the
 * owner's functions in the VMA; here the kind of file that it maps tells whose they are.
 */

/** 1 if a VMA maps a file, and not a device. */
export function* vma_maps_file(vma: VmaId): Op<number> {
  return CONFIG_FS_DAX ? vma_is_file(vma) : 0;
}

/**
 * A fault at the level of `order`, 0 for 4 KiB, or the first write to a page of a file that was mapped for reading: VM_FAULT_
 * flags.
 * Linux: include/linux/mm.h vm_operations_struct (7.2), its huge_fault, fault and pfn_mkwrite.
 */
export function* vm_ops_huge_fault(vma: VmaId, address: Vaddr, order: number, flags: number): Op<number> {
  if (!(yield* vma_maps_file(vma))) return yield* dev_dax_huge_fault(vma, address, order, flags);
  return yield* dax_file_fault(vma, address, order, flags);
}

/** Whether a VMA may be split at an address: 0 or -EINVAL; files do not mind. Linux: include/linux/mm.h vm_operations_struct (7.2), its may_split. */
export function* vm_ops_may_split(vma: VmaId, address: Vaddr): Op<number> {
  return (yield* vma_maps_file(vma)) ? 0 : yield* dev_dax_may_split(vma, address);
}

/** 1 if the owner has map_pages, and so can be asked under the VMA's lock alone. Linux: include/linux/mm.h vm_operations_struct (7.2), its map_pages. */
export function* vm_ops_has_map_pages(vma: VmaId): Op<number> {
  return CONFIG_FS_DAX ? vma_is_xfs(vma) : 0;
}
