import { type Op, primitive } from '../../machine/primitive.ts';
import type { Memory } from '../../machine/memory.ts';
import { file, vm_area_struct } from './mm.ts';
import type { DeviceId, MmId, Vaddr, VmaId } from './numbers.ts';
import { releaseSlot, SLOTS_VMA, slots, takeSlot } from './slots.ts';

/*
 * The kernel looks VMAs up in trees (mm_mt under mmap_lock or RCU, i_mmap under its rwsem). A look-up is one
 * step here, as it is for everyone who does it under the proper lock; walking the slots word by word would
 * invent races that Linux does not have.
 */
function lowest(memory: Memory, matches: (vma: VmaId) => boolean): VmaId {
  const start = memory.of(vm_area_struct).vm_start;
  const limit = memory.of(slots).highest.get(SLOTS_VMA);
  let best: VmaId = 0;
  for (let vma = 1; vma <= limit; vma++) {
    if (matches(vma) && (best === 0 || start.get(vma) < start.get(best))) best = vma;
  }
  return best;
}

/** The VMA of `mm` that contains `address`, or 0 (mas_walk). */
export const mas_walk: (mm: MmId, address: Vaddr) => Op<VmaId> = primitive((machine, mm, address) => {
  const { vm_mm, vm_start, vm_end, attached } = machine.memory.of(vm_area_struct);
  return lowest(
    machine.memory,
    (vma) =>
      attached.get(vma) !== 0 &&
      vm_mm.get(vma) === mm &&
      vm_start.get(vma) <= address &&
      address < vm_end.get(vma),
  );
});

/** The first VMA of `mm` that ends behind `address`, or 0 (mas_find, find_vma). */
export const mas_find: (mm: MmId, address: Vaddr) => Op<VmaId> = primitive((machine, mm, address) => {
  const { vm_mm, vm_end, attached } = machine.memory.of(vm_area_struct);
  return lowest(
    machine.memory,
    (vma) => attached.get(vma) !== 0 && vm_mm.get(vma) === mm && address < vm_end.get(vma),
  );
});

/** The next VMA slot above `after` that maps pages `[first, last]` of a device, or 0 (vma_interval_tree_iter_next). */
export const vma_interval_tree_next: (
  device: DeviceId,
  after: VmaId,
  first: number,
  last: number,
) => Op<VmaId> = primitive((machine, device, after, first, last) => {
  const { vm_start, vm_end, vm_pgoff, vm_file, attached } = machine.memory.of(vm_area_struct);
  const devices = machine.memory.of(file).device;
  const limit = machine.memory.of(slots).highest.get(SLOTS_VMA);
  for (let vma = after + 1; vma <= limit; vma++) {
    if (attached.get(vma) === 0 || devices.get(vm_file.get(vma)) !== device + 1) continue;
    const pgoff = vm_pgoff.get(vma);
    if (pgoff <= last && first < pgoff + vm_end.get(vma) - vm_start.get(vma)) return vma;
  }
  return 0;
});

/** A new VMA of `mm`, not yet in its tree (vm_area_alloc). */
export const vm_area_alloc: (mm: MmId) => Op<VmaId> = primitive((machine, mm) => {
  const vmas = machine.memory.of(vm_area_struct);
  return takeSlot(machine.memory.of(slots).highest, SLOTS_VMA, vmas.vm_mm, mm);
});

/** Frees a VMA that is in no tree any more (vm_area_free). */
export const vm_area_free: (vma: VmaId) => Op = primitive((machine, vma) => {
  const vmas = machine.memory.of(vm_area_struct);
  for (const field of [vmas.vm_start, vmas.vm_end, vmas.vm_pgoff, vmas.vm_flags, vmas.vm_file]) field.set(vma, 0);
  releaseSlot(machine.memory.of(slots).highest, SLOTS_VMA, vmas.vm_mm, vma);
});
