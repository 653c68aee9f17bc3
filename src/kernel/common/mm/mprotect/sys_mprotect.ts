import type { Op } from '../../../../machine/primitive.ts';
import { load, store } from '../../../../machine/primitives/access.ts';
import { PAGE_SIZE } from '../../../../machine/primitives/bytes.ts';
import { div, min } from '../../../../machine/primitives/own.ts';
import { vm_area_struct } from '../../../state/mm.ts';
import type { MmId, Vaddr, VmaId } from '../../../state/numbers.ts';
import { EACCES, EINVAL, ENOMEM } from '../../include/errno.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../../include/mman.ts';
import { mmap_write_lock, mmap_write_unlock, vma_start_write } from '../../include/mmap_lock.ts';
import { VM_ACCESS_FLAGS } from '../../include/vm_flags.ts';
import { PAGE_ALIGN } from '../mmap/do_mmap.ts';
import { tlb_finish_mmu, tlb_gather_mmu } from '../mmu_gather.ts';
import { vma_find } from '../vma/find.ts';
import { VM_STICKY } from '../vma/merge.ts';
import { vma_modify_flags } from '../vma/modify.ts';
import { change_protection } from './change_protection.ts';

/**
 * mprotect(2): 0 or a negative errno. Address and length in bytes, `prot` of PROT_ flags.
 * Linux: mm/mprotect.c mprotect, do_mprotect_pkey (7.2), its checks of the arguments.
 */
export function* sys_mprotect(
  mm: MmId,
  address_bytes: number,
  length_bytes: number,
  prot: number,
): Op<number> {
  if (address_bytes % PAGE_SIZE !== 0) return -EINVAL;
  if (length_bytes === 0) return 0;
  if (length_bytes < 0) return -ENOMEM;
  if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)) return -EINVAL;
  const start = div(address_bytes, PAGE_SIZE);
  yield* mmap_write_lock(mm);
  const error = yield* do_mprotect_pkey(mm, start, start + PAGE_ALIGN(length_bytes), prot);
  yield* mmap_write_unlock(mm);
  return error;
}

/**
 * Gives `[start, end)` the permissions `prot`, one VMA after the other; -ENOMEM at the first hole, -EACCES where the file
 * was not opened for that.
 * Linux: mm/mprotect.c do_mprotect_pkey (7.2). Left out: protection keys, stacks.
 */
export function* do_mprotect_pkey(mm: MmId, start: Vaddr, end: Vaddr, prot: number): Op<number> {
  let vma = yield* vma_find(mm, start, end);
  if (vma === 0 || (yield* load(vm_area_struct.vm_start, vma)) > start) return -ENOMEM;
  yield* tlb_gather_mmu(mm);
  let at = start;
  let error = 0;
  while (vma !== 0 && error === 0) {
    const vma_end = yield* load(vm_area_struct.vm_end, vma);
    const flags = (yield* load(vm_area_struct.vm_flags, vma)) & ~VM_ACCESS_FLAGS;
    if (!vm_flags_may(flags, prot)) {
      error = -EACCES;
      break;
    }
    const modified = yield* mprotect_fixup(vma, at, min(vma_end, end), flags | prot);
    if (modified < 0) {
      error = modified;
      break;
    }
    at = yield* load(vm_area_struct.vm_end, modified);
    vma = yield* vma_find(mm, at, end);
    if (vma !== 0 && (yield* load(vm_area_struct.vm_start, vma)) !== at) error = -ENOMEM;
  }
  yield* tlb_finish_mmu();
  return error === 0 && at < end ? -ENOMEM : error;
}

/** Whether the VM_MAY flags in `flags` allow what `prot` asks for; each is 4 bits above its permission. */
export function vm_flags_may(flags: number, prot: number): boolean {
  return (prot & ~(flags >> 4)) === 0;
}

/**
 * Gives `[start, end)` of one VMA the flags `newflags`, and its entries what follows from them. The VMA that contains
 * the range then, or a negative errno.
 * Linux: mm/mprotect.c mprotect_fixup (7.2). Left out: accounting, private mappings.
 */
export function* mprotect_fixup(vma: VmaId, start: Vaddr, end: Vaddr, newflags: number): Op<number> {
  if ((yield* load(vm_area_struct.vm_flags, vma)) === newflags) return vma;
  const modified = yield* vma_modify_flags(vma, start, end, newflags);
  if (modified < 0) return modified;
  yield* vma_start_write(modified);
  const flags = newflags | ((yield* load(vm_area_struct.vm_flags, modified)) & VM_STICKY);
  yield* store(vm_area_struct.vm_flags, modified, flags);
  yield* change_protection(modified, start, end, flags);
  return modified;
}
