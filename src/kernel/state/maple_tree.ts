import type { Memory } from '../../machine/memory.ts';
import { type Op, primitive } from '../../machine/primitive.ts';
import { WRITER } from '../../machine/primitives/locks.ts';
import { file, vm_area_struct } from './mm.ts';
import type { MappingId, MmId, Vaddr, VmaId } from './numbers.ts';
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

/**
 * The VMA that follows `after` (0: the first one) among those that map pages `[first, last]` of an address_space, or 0
 * (vma_interval_tree_iter_next). Walks go by page offset, and at one offset by the order of insertion.
 */
export const vma_interval_tree_next: (
  mapping: MappingId,
  after: VmaId,
  first: number,
  last: number,
) => Op<VmaId> = primitive((machine, mapping, after, first, last) => {
  const { vm_start, vm_end, vm_pgoff, vm_file, shared } = machine.memory.of(vm_area_struct);
  const mappings = machine.memory.of(file).f_mapping;
  const limit = machine.memory.of(slots).highest.get(SLOTS_VMA);
  const follows = (vma: VmaId, other: VmaId): boolean => {
    const distance = vm_pgoff.get(vma) - vm_pgoff.get(other);
    return distance > 0 || (distance === 0 && shared.get(vma) > shared.get(other));
  };
  let next: VmaId = 0;
  for (let vma: VmaId = 1; vma <= limit; vma++) {
    if (shared.get(vma) === 0 || mappings.get(vm_file.get(vma)) !== mapping) continue;
    const pgoff = vm_pgoff.get(vma);
    if (pgoff > last || first >= pgoff + vm_end.get(vma) - vm_start.get(vma)) continue;
    if ((after === 0 || follows(vma, after)) && (next === 0 || follows(next, vma))) next = vma;
  }
  return next;
});

/** Makes room at `place`, or closes the gap there, among the VMAs of the same file that start at the same page. */
function shiftBehind(memory: Memory, vma: VmaId, place: number, distance: 1 | -1): void {
  const { vm_pgoff, vm_file, shared } = memory.of(vm_area_struct);
  const mappings = memory.of(file).f_mapping;
  const mapping = mappings.get(vm_file.get(vma));
  const limit = memory.of(slots).highest.get(SLOTS_VMA);
  for (let other: VmaId = 1; other <= limit; other++) {
    if (other === vma || shared.get(other) < place || mappings.get(vm_file.get(other)) !== mapping) continue;
    if (vm_pgoff.get(other) === vm_pgoff.get(vma)) shared.set(other, shared.get(other) + distance);
  }
}

/** Puts a VMA into the i_mmap tree of its file, behind all that start at the same page (vma_interval_tree_insert). */
export const vma_interval_tree_insert: (vma: VmaId) => Op = primitive((machine, vma) => {
  const { vm_pgoff, vm_file, shared } = machine.memory.of(vm_area_struct);
  const mappings = machine.memory.of(file).f_mapping;
  const limit = machine.memory.of(slots).highest.get(SLOTS_VMA);
  let last = 0;
  for (let other: VmaId = 1; other <= limit; other++) {
    if (mappings.get(vm_file.get(other)) !== mappings.get(vm_file.get(vma))) continue;
    if (vm_pgoff.get(other) === vm_pgoff.get(vma)) last = Math.max(last, shared.get(other));
  }
  shared.set(vma, last + 1);
});

/** Puts a VMA into the i_mmap tree right behind another that starts at the same page (vma_interval_tree_insert_after). */
export const vma_interval_tree_insert_after: (vma: VmaId, previous: VmaId) => Op = primitive(
  (machine, vma, previous) => {
    const { shared } = machine.memory.of(vm_area_struct);
    const place = shared.get(previous) + 1;
    shiftBehind(machine.memory, vma, place, 1);
    shared.set(vma, place);
  },
);

/** Takes a VMA out of the i_mmap tree of its file (vma_interval_tree_remove). */
export const vma_interval_tree_remove: (vma: VmaId) => Op = primitive((machine, vma) => {
  const { shared } = machine.memory.of(vm_area_struct);
  shiftBehind(machine.memory, vma, shared.get(vma), -1);
  shared.set(vma, 0);
});

/** The last VMA of `mm` that starts below `address`, or 0 (mas_prev). */
export const mas_prev: (mm: MmId, address: Vaddr) => Op<VmaId> = primitive((machine, mm, address) => {
  const { vm_mm, vm_start, attached } = machine.memory.of(vm_area_struct);
  const limit = machine.memory.of(slots).highest.get(SLOTS_VMA);
  let best: VmaId = 0;
  for (let vma: VmaId = 1; vma <= limit; vma++) {
    if (attached.get(vma) === 0 || vm_mm.get(vma) !== mm || vm_start.get(vma) >= address) continue;
    if (best === 0 || vm_start.get(vma) > vm_start.get(best)) best = vma;
  }
  return best;
});

/**
 * The first VMA that ends behind `address` among those that the munmap under way took out of the tree of `mm`,
 * or 0 (mas_find in its mas_detach). They are told by not being attached: whoever makes a new VMA holds mmap_lock
 * for writing, which a munmap excludes up to its end.
 */
export const mas_find_detached: (mm: MmId, address: Vaddr) => Op<VmaId> = primitive(
  (machine, mm, address) => {
    const { vm_mm, vm_end, attached } = machine.memory.of(vm_area_struct);
    return lowest(
      machine.memory,
      (vma) => attached.get(vma) === 0 && vm_mm.get(vma) === mm && address < vm_end.get(vma),
    );
  },
);

/** The highest address below `high` with `length` unmapped pages behind it, or -1 (unmapped_area_topdown). */
export const unmapped_area_topdown: (mm: MmId, length: number, high: Vaddr) => Op<Vaddr> = primitive(
  (machine, mm, length, high) => {
    const { vm_mm, vm_start, vm_end, attached } = machine.memory.of(vm_area_struct);
    const limit = machine.memory.of(slots).highest.get(SLOTS_VMA);
    const below: VmaId[] = [];
    for (let vma: VmaId = 1; vma <= limit; vma++) {
      if (attached.get(vma) !== 0 && vm_mm.get(vma) === mm && vm_start.get(vma) < high) below.push(vma);
    }
    below.sort((left, right) => vm_start.get(right) - vm_start.get(left));
    let address = high - length;
    for (const vma of below) {
      if (vm_end.get(vma) <= address) break;
      address = vm_start.get(vma) - length;
    }
    return address > 0 ? address : -1;
  },
);

/** A new VMA of `mm`, not yet in its tree (vm_area_alloc). */
export const vm_area_alloc: (mm: MmId) => Op<VmaId> = primitive((machine, mm) => {
  const vmas = machine.memory.of(vm_area_struct);
  return takeSlot(machine.memory.of(slots).highest, SLOTS_VMA, vmas.vm_mm, mm);
});

/** A copy of a VMA for `mm`, in no tree yet and unlocked (vm_area_dup). */
export const vm_area_dup: (vma: VmaId, mm: MmId) => Op<VmaId> = primitive((machine, vma, mm) => {
  const vmas = machine.memory.of(vm_area_struct);
  const copy = takeSlot(machine.memory.of(slots).highest, SLOTS_VMA, vmas.vm_mm, mm);
  for (const field of [
    vmas.vm_start,
    vmas.vm_end,
    vmas.vm_pgoff,
    vmas.vm_flags,
    vmas.vm_file,
    vmas.anon_vma,
  ]) {
    field.set(copy, field.get(vma));
  }
  return copy;
});

/**
 * Gives a VMA other bounds (vma_set_range). One step: the caller's locks keep out everyone who looks at them,
 * faults under the VMA's lock and rmap walks alike.
 */
export const vma_set_range: (vma: VmaId, start: Vaddr, end: Vaddr, pgoff: number) => Op = primitive(
  (machine, vma, start, end, pgoff) => {
    const vmas = machine.memory.of(vm_area_struct);
    vmas.vm_start.set(vma, start);
    vmas.vm_end.set(vma, end);
    vmas.vm_pgoff.set(vma, pgoff);
  },
);

/** Frees a VMA that is in no tree any more; what looked it up before may still try its lock (vm_area_free). */
export const vm_area_free: (vma: VmaId) => Op = primitive((machine, vma) => {
  const vmas = machine.memory.of(vm_area_struct);
  for (const field of [vmas.vm_start, vmas.vm_end, vmas.vm_pgoff, vmas.vm_flags, vmas.vm_file, vmas.anon_vma])
    field.set(vma, 0);
  if (vmas.vm_lock.get(vma) === WRITER) vmas.vm_lock.set(vma, 0);
  releaseSlot(machine.memory.of(slots).highest, SLOTS_VMA, vmas.vm_mm, vma);
});
