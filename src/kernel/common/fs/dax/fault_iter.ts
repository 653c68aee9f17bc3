import { dax_fault_insert, dax_load_hole, dax_pmd_load_hole } from '#scheme/fs/dax/fault.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { load } from '../../../../machine/primitives/access.ts';
import { get, min, put, WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { DAX_PMD, DAX_ZERO_PAGE } from '../../../state/address_space.ts';
import { IOMAP_MAPPED, iomap } from '../../../state/iomap.ts';
import { copy_pages } from '../../../state/medium_copy.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MappingId, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { vm_fault } from '../../../state/vm_fault.ts';
import { dax_read_lock, dax_read_unlock } from '../../drivers/dax/super.ts';
import { ENOMEM } from '../../include/errno.ts';
import { IOMAP_F_DIRTY, IOMAP_F_SHARED } from '../../include/iomap.ts';
import {
  VM_FAULT_DONE_COW,
  VM_FAULT_FALLBACK,
  VM_FAULT_NEEDDSYNC,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
} from '../../include/vm_fault.ts';
import { VM_SYNC } from '../../include/vm_flags.ts';
import { HUGE_ZERO_PFN, ZERO_PFN } from '../../include/zero_page.ts';
import { finish_fault } from '../../mm/memory/cow_fault.ts';
import { inode_device } from '../super.ts';
import { dax_direct_access, dax_iomap_copy_around, dax_iomap_direct_access } from './direct_access.ts';
import { dax_insert_entry } from './insert.ts';

/*
 * What a fault does once it has the entry locked and its file system has said where the page lies, in the caller's
 * struct iomap. `nr` pages are to be mapped, 1 or 512, from page `index` of the file on.
 */

/** The VM_FAULT_ code of an errno. Linux: fs/dax.c dax_fault_return (7.2). */
export function dax_fault_return(error: number): number {
  return error === 0 ? VM_FAULT_NOPAGE : error === -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

/** The same, where an entry of one page might still do. Linux: fs/dax.c dax_fault_iter (7.2), its errors. */
export function dax_fault_error(error: number, nr: number): number {
  return nr > 1 ? VM_FAULT_FALLBACK : dax_fault_return(error);
}

/**
 * Gives the entry its block, or its hole, and maps it: VM_FAULT_ flags. The struct vm_fault has the entry.
 * Linux: fs/dax.c dax_fault_iter (7.2).
 */
export function* dax_fault_iter(
  vma: VmaId,
  address: Vaddr,
  mapping: MappingId,
  index: number,
  nr: number,
  write: number,
): Op<number> {
  if (nr === 1 && get(vm_fault.cow_page, 0)) return yield* dax_fault_cow_page(vma, address, mapping);
  const hole = !write && get(iomap.type, 0) !== IOMAP_MAPPED ? 1 : 0;
  const strange =
    !hole && get(iomap.type, 0) !== IOMAP_MAPPED && (get(iomap.flags, 0) & IOMAP_F_SHARED) === 0;
  if (WARN_ON_ONCE(strange, 'dax_fault_iter: no block to write to'))
    return nr > 1 ? VM_FAULT_FALLBACK : VM_FAULT_SIGBUS;
  const pfn = hole ? zero_pfn(nr) : yield* dax_iomap_direct_access(mapping, get(iomap.addr, 0), nr);
  if (pfn < 0) return dax_fault_error(pfn, nr);
  const synchronous = yield* dax_fault_is_synchronous(vma, write);
  const flags = (nr > 1 ? DAX_PMD : 0) | (hole ? DAX_ZERO_PAGE : 0);
  const before = get(vm_fault.entry, 0);
  put(
    vm_fault.entry,
    0,
    yield* dax_insert_entry(mapping, index, vma, address, before, pfn, flags, write, synchronous),
  );
  if (hole) return nr > 1 ? yield* dax_pmd_load_hole(vma, address) : yield* dax_load_hole(vma, address);
  if (write && get(iomap.flags, 0) & IOMAP_F_SHARED) {
    const error = yield* dax_iomap_copy_around(mapping, pfn, nr);
    if (error) return dax_fault_return(error);
  }
  if (synchronous) {
    put(vm_fault.pfn, 0, pfn);
    return VM_FAULT_NEEDDSYNC;
  }
  return yield* dax_fault_insert(vma, address, get(vm_fault.entry, 0), pfn, nr, write);
}

/**
 * What is mapped where a hole is read, or a block that was never written.
 * Linux: fs/dax.c dax_load_hole, dax_pmd_load_hole (7.2), their page.
 */
export function zero_pfn(nr: number): Pfn {
  return nr > 1 ? HUGE_ZERO_PFN : ZERO_PFN;
}

/**
 * 1 if a page may be mapped for writing only once its block is the file's for good: what the program writes then is never
 * lost with the block.
 * Linux: fs/dax.c dax_fault_is_synchronous (7.2).
 */
export function* dax_fault_is_synchronous(vma: VmaId, write: number): Op<number> {
  if (!write || (get(iomap.flags, 0) & IOMAP_F_DIRTY) === 0) return 0;
  return (yield* load(vm_area_struct.vm_flags, vma)) & VM_SYNC ? 1 : 0;
}

/**
 * Fills the page that a private mapping gets for its own, and maps that one: no page of the file is, and its entry says
 * nothing of it.
 * Linux: fs/dax.c dax_fault_cow_page (7.2).
 */
export function* dax_fault_cow_page(vma: VmaId, address: Vaddr, mapping: MappingId): Op<number> {
  const copy = get(vm_fault.cow_page, 0);
  if (get(iomap.type, 0) === IOMAP_MAPPED) {
    const error = yield* copy_cow_page_dax(copy, mapping);
    if (error) return dax_fault_return(error);
  }
  const fault = yield* finish_fault(vma, address, copy);
  return fault ? fault : VM_FAULT_DONE_COW;
}

/**
 * Copies the block that the caller's struct iomap names into a fresh page, which is zero otherwise: 0 or -ENXIO. The device
 * stays meanwhile.
 * Linux: fs/dax.c copy_cow_page_dax (7.2).
 */
export function* copy_cow_page_dax(copy: Pfn, mapping: MappingId): Op<number> {
  const device = yield* inode_device(mapping);
  yield* dax_read_lock();
  const pfn = yield* dax_direct_access(device, get(iomap.addr, 0), 1);
  if (pfn >= 0) yield* copy_pages(copy, pfn, 1);
  yield* dax_read_unlock();
  return min(pfn, 0);
}
