import { __dev_dax_pmd_fault, __dev_dax_pte_fault, __dev_dax_pud_fault } from '#scheme/drivers/dax/device.ts';
import type { Op } from '../../../../machine/primitive.ts';
import { atomic_add, load, store } from '../../../../machine/primitives/access.ts';
import { WARN_ON_ONCE } from '../../../../machine/primitives/own.ts';
import { dax_device, dev_dax, dev_pagemap } from '../../../state/dax.ts';
import { MEMORY_DEVICE_GENERIC } from '../../../state/memmap.ts';
import { file, vm_area_struct } from '../../../state/mm.ts';
import type { DeviceId, FileId, MmId, Pfn, Vaddr, VmaId } from '../../../state/numbers.ts';
import { page } from '../../../state/page.ts';
import { mm_get_unmapped_area } from '../../arch/x86/kernel/sys_x86_64.ts';
import { EINVAL, ENXIO } from '../../include/errno.ts';
import { page_folio } from '../../include/mm.ts';
import {
  FAULT_FLAG_WRITE,
  PMD_ORDER,
  PUD_ORDER,
  VM_FAULT_FALLBACK,
  VM_FAULT_SIGBUS,
} from '../../include/vm_fault.ts';
import { VM_HUGEPAGE, VM_MAYSHARE } from '../../include/vm_flags.ts';
import { memremap_pages, memunmap_pages } from '../../mm/memremap.ts';
import { dax_pgoff_to_phys, kill_dev_dax } from './bus.ts';
import { dax_alive, dax_read_lock, dax_read_unlock, run_dax } from './super.ts';

/**
 * The device that a VMA maps: its vm_file's inode, and also its private_data, since what has none is never mapped.
 */
export function* vma_dev_dax(vma: VmaId): Op<DeviceId> {
  return (yield* load(file.f_mapping, yield* load(vm_area_struct.vm_file, vma))) - 1;
}

/**
 * Whether a VMA may map its device: 0, -ENXIO if the device is dead, -EINVAL if the mapping is private or its bounds
 * are no multiples of the device's alignment. Called inside dax_read_lock.
 * Linux: drivers/dax/device.c __check_vma, check_vma (7.2).
 */
export function* check_vma(device: DeviceId, vma: VmaId): Op<number> {
  if (!(yield* dax_alive(device))) return -ENXIO;
  if (!((yield* load(vm_area_struct.vm_flags, vma)) & VM_MAYSHARE)) return -EINVAL;
  const align = yield* load(dev_dax.align, device);
  if ((yield* load(vm_area_struct.vm_start, vma)) % align !== 0) return -EINVAL;
  if ((yield* load(vm_area_struct.vm_end, vma)) % align !== 0) return -EINVAL;
  return 0;
}

/**
 * The driver's part of mmap: accepts a new VMA, which then may have huge entries, or returns what check_vma says. A file
 * that was opened while its device was dead has no dev_dax, which check_vma does not expect: an oops.
 * Linux: drivers/dax/device.c dax_mmap_prepare (7.2); drivers/dax/device.c dax_mmap (6.12).
 */
export function* dax_mmap(vma: VmaId): Op<number> {
  const device = (yield* load(file.private_data, yield* load(vm_area_struct.vm_file, vma))) - 1;
  if (WARN_ON_ONCE(device === -1, 'check_vma: NULL pointer dereference, the file has no dev_dax'))
    return -ENXIO;
  yield* dax_read_lock();
  const error = yield* check_vma(device, vma);
  yield* dax_read_unlock();
  if (error) return error;
  yield* store(vm_area_struct.vm_flags, vma, (yield* load(vm_area_struct.vm_flags, vma)) | VM_HUGEPAGE);
  return 0;
}

/**
 * Where `length` pages of a device-DAX file from page `pgoff` on are to be mapped: where the caller leaves the choice, addresses get the device's alignment, if at
 * least one whole unit of it is to be mapped.
 * Linux: drivers/dax/device.c dax_get_unmapped_area (7.2).
 */
export function* dax_get_unmapped_area(
  mm: MmId,
  filp: FileId,
  hint: Vaddr,
  length: number,
  pgoff: number,
  flags: number,
): Op<number> {
  if (hint !== 0) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  const dev = yield* load(file.private_data, filp);
  if (dev === 0) return yield* mm_get_unmapped_area(mm, 0, length, flags);
  const align = yield* load(dev_dax.align, dev - 1);
  const first_unit = pgoff + ((align - (pgoff % align)) % align);
  if (pgoff + length - first_unit < align) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  const address = yield* mm_get_unmapped_area(mm, hint, length + align, flags);
  if (address < 0) return yield* mm_get_unmapped_area(mm, hint, length, flags);
  return address + ((align + (pgoff % align) - (address % align)) % align);
}

/**
 * Whether a VMA may be split at an address: 0, or -EINVAL inside of what one entry maps.
 * Linux: drivers/dax/device.c dev_dax_may_split (7.2).
 */
export function* dev_dax_may_split(vma: VmaId, address: Vaddr): Op<number> {
  return address % (yield* dev_dax_pagesize(vma)) === 0 ? 0 : -EINVAL;
}

/**
 * Pages that one entry of a VMA maps: the device's alignment.
 * Linux: drivers/dax/device.c dev_dax_pagesize (7.2).
 */
export function* dev_dax_pagesize(vma: VmaId): Op<number> {
  return yield* load(dev_dax.align, yield* vma_dev_dax(vma));
}

/** The page of the file that an address of a VMA maps. Linux: include/linux/pagemap.h linear_page_index (7.2). */
export function* linear_page_index(vma: VmaId, address: Vaddr): Op<number> {
  const pgoff = yield* load(vm_area_struct.vm_pgoff, vma);
  return pgoff + address - (yield* load(vm_area_struct.vm_start, vma));
}

/** Where the entry of `nr` pages around `address` begins. Linux: drivers/dax/device.c dax_set_mapping (7.2), its ALIGN_DOWN. */
export function dax_mapping_start(address: Vaddr, nr: number): Vaddr {
  return address - (address % nr);
}

/**
 * Tells the folios that a fault is about to map where in which file they are. Racing faults store the same. `address`
 * is the faulting one: the index counts from where its entry begins.
 * Linux: drivers/dax/device.c dax_set_mapping (7.2).
 */
export function* dax_set_mapping(device: DeviceId, vma: VmaId, pfn: Pfn, address: Vaddr, nr: number): Op {
  const nr_pages = (yield* load(dev_pagemap.vmemmap_shift, device)) ? 1 : nr;
  const pgoff = yield* linear_page_index(vma, dax_mapping_start(address, nr));
  for (let i = 0; i < nr_pages; i++) {
    const folio = yield* page_folio(pfn + i);
    if (yield* load(page.mapping, folio)) continue;
    yield* store(page.mapping, folio, device + 1);
    yield* store(page.index, folio, pgoff + i);
  }
}

/**
 * The frame that an entry of `nr` pages would map at `address`, with its folio's place in the file noted; or the
 * VM_FAULT_ code, negated, if there can be no such entry.
 * Linux: drivers/dax/device.c __dev_dax_pte_fault, __dev_dax_pmd_fault, __dev_dax_pud_fault (7.2), all but their
 * insertion.
 */
export function* dev_dax_fault_pfn(device: DeviceId, vma: VmaId, address: Vaddr, nr: number): Op<Pfn> {
  if (yield* check_vma(device, vma)) return -VM_FAULT_SIGBUS;
  const align = yield* load(dev_dax.align, device);
  if (align > nr) return -VM_FAULT_SIGBUS;
  if (nr > align) return -VM_FAULT_FALLBACK;
  const start = address - (address % nr);
  if (nr > 1) {
    if (start < (yield* load(vm_area_struct.vm_start, vma))) return -VM_FAULT_SIGBUS;
    if (start + nr > (yield* load(vm_area_struct.vm_end, vma))) return -VM_FAULT_SIGBUS;
  }
  const pfn = yield* dax_pgoff_to_phys(device, yield* linear_page_index(vma, start), nr);
  if (pfn < 0) return -VM_FAULT_SIGBUS;
  yield* dax_set_mapping(device, vma, pfn, address, nr);
  return pfn;
}

/**
 * Handles a fault at the level of `order`: VM_FAULT_ flags. The device stays alive until the entry is in.
 * Linux: drivers/dax/device.c dev_dax_huge_fault, dev_dax_fault (7.2), the latter for order 0.
 */
export function* dev_dax_huge_fault(vma: VmaId, address: Vaddr, order: number, flags: number): Op<number> {
  if (order !== 0 && order !== PMD_ORDER && order !== PUD_ORDER) return VM_FAULT_SIGBUS;
  const device = yield* vma_dev_dax(vma);
  yield* dax_read_lock();
  const pfn = yield* dev_dax_fault_pfn(device, vma, address, 1 << order);
  let ret = -pfn;
  if (pfn >= 0) {
    const write = flags & FAULT_FLAG_WRITE;
    if (order === PUD_ORDER) ret = yield* __dev_dax_pud_fault(vma, address, pfn, write);
    else if (order === PMD_ORDER) ret = yield* __dev_dax_pmd_fault(vma, address, pfn, write);
    else ret = yield* __dev_dax_pte_fault(vma, address, pfn, write);
  }
  yield* dax_read_unlock();
  return ret;
}

/**
 * Sets a device up: its pages, its character device, and at last its use; 0, or memremap_pages' error.
 * Linux: drivers/dax/device.c dev_dax_probe (7.2). Left out: claiming the memory region, statically mapped regions.
 */
export function* dev_dax_probe(device: DeviceId): Op<number> {
  const align = yield* load(dev_dax.align, device);
  yield* store(dev_pagemap.type, device, MEMORY_DEVICE_GENERIC);
  yield* store(
    dev_pagemap.vmemmap_shift,
    device,
    align === 1 ? 0 : align === 1 << PMD_ORDER ? PMD_ORDER : PUD_ORDER,
  );
  yield* store(dev_pagemap.start_pfn, device, yield* load(dev_dax.start_pfn, device));
  yield* store(dev_pagemap.nr_pages, device, yield* load(dev_dax.nr_pages, device));
  const error = yield* memremap_pages(device);
  if (error) return error;
  yield* atomic_add(dax_device.cdev, device, 1);
  yield* run_dax(device);
  return 0;
}

/**
 * Takes back what dev_dax_probe set up, in the opposite order.
 * Linux: drivers/dax/device.c dev_dax_probe (7.2), the actions that it registers: dev_dax_kill, dev_dax_cdev_del,
 * devm_memremap_pages_release.
 */
export function* dev_dax_release(device: DeviceId): Op {
  yield* kill_dev_dax(device);
  yield* dev_dax_cdev_del(device);
  yield* memunmap_pages(device, 1);
}

/**
 * Takes the character device away; files that are open keep it.
 * Linux: drivers/dax/device.c dev_dax_cdev_del (7.2).
 */
export function* dev_dax_cdev_del(device: DeviceId): Op {
  yield* atomic_add(dax_device.cdev, device, -1);
}
