import { FMODE_READ, FMODE_WRITE } from '../../../src/kernel/common/include/fs.ts';
import { MAP_FIXED, MAP_SHARED, PROT_READ, PROT_WRITE } from '../../../src/kernel/common/include/mman.ts';
import { file, mm_struct, vm_area_struct } from '../../../src/kernel/state/mm.ts';
import { SLOTS_VMA, slots } from '../../../src/kernel/state/slots.ts';
import { ModelKernel } from '../mm/modelKernel.ts';

export const RW: number = PROT_READ | PROT_WRITE;
/** Where most tests map, in bytes: aligned to 1 GiB. */
export const BASE: number = 6 * 2 ** 30;

/** One VMA as /proc/PID/maps shows it: start, end and offset in pages. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly pgoff: number;
  readonly flags: number;
}

/** A process on CPU 0 that has the device open, and calls the kernel as its system calls do. */
export class UserSpace {
  readonly kernel: ModelKernel;
  readonly filp: number;
  mm: number;
  /** Bytes of the device's alignment: the unit U of the read-backs. */
  readonly unit: number;

  /** `align` is 1, 512 or 262144 pages. */
  constructor(scheme: 'devmap' | 'refcount', align: number, mode: number = FMODE_READ | FMODE_WRITE) {
    this.kernel = new ModelKernel(scheme, align);
    this.unit = align * 4096;
    this.filp = this.kernel.call('dax_open', 0, mode);
    this.mm = this.kernel.call('mm_alloc');
    this.kernel.call('activate_mm', this.mm);
  }

  mmap(
    length: number,
    options: { at?: number; prot?: number; flags?: number; offset?: number } = {},
  ): number {
    const { at, prot = RW, flags = MAP_SHARED, offset = 0 } = options;
    const fixed = at === undefined ? 0 : MAP_FIXED;
    return this.kernel.call('sys_mmap', this.mm, this.filp, at ?? 0, length, prot, flags | fixed, offset);
  }

  /** Maps at BASE from the start of the device on. */
  mapUnits(units: number): number {
    return this.mmap(units * this.unit, { at: BASE });
  }

  munmap(address: number, length: number): number {
    return this.kernel.call('sys_munmap', this.mm, address, length);
  }

  mprotect(address: number, length: number, prot: number): number {
    return this.kernel.call('sys_mprotect', this.mm, address, length, prot);
  }

  mremap(address: number, from: number, to: number, flags: number, target = 0): number {
    return this.kernel.call('sys_mremap', this.mm, address, from, to, flags, target);
  }

  madvise(address: number, length: number, advice: number): number {
    return this.kernel.call('sys_madvise', this.mm, address, length, advice);
  }

  read(address: number): number {
    return this.kernel.call('cpu_load', this.mm, address);
  }

  write(address: number, value = 1): number {
    return this.kernel.call('cpu_store', this.mm, address, value);
  }

  /** The flags of the entry that maps an address, by name; undefined if there is none. */
  flags(address: number): readonly string[] | undefined {
    return this.kernel.leaf(this.mm, address / 4096)?.flags;
  }

  /** The letters that the read-backs are written down with: w d a V S s D, in this order. */
  bits(address: number): string | undefined {
    const letters = [
      ['rw', 'w'],
      ['dirty', 'd'],
      ['young', 'a'],
      ['devmap', 'V'],
      ['special', 'S'],
      ['soft_dirty', 's'],
      ['saved_dirty', 'D'],
    ] as const;
    const flags = this.flags(address);
    return flags && letters.map(([flag, letter]) => (flags.includes(flag) ? letter : '')).join('');
  }

  /** The device page that an address is mapped to, or undefined. */
  mapped(address: number): number | undefined {
    const leaf = this.kernel.leaf(this.mm, address / 4096);
    return leaf && leaf.pfn - 4 * 262144;
  }

  /** refcount and mapcount of the folio of a unit of the device. */
  counts(unit: number): readonly [refcount: number, mapcount: number] {
    const head = this.kernel.page((unit * this.unit) / 4096);
    return [head.refcount, this.unit === 4096 ? head.mapcount : head.large];
  }

  /** All VMAs of the process, by address. */
  mappings(mm: number = this.mm): Mapping[] {
    const { memory } = this.kernel.machine;
    const vmas = memory.of(vm_area_struct);
    const found: Mapping[] = [];
    for (let vma = 1; vma <= memory.of(slots).highest.get(SLOTS_VMA); vma++) {
      if (vmas.vm_mm.get(vma) !== mm || vmas.attached.get(vma) === 0) continue;
      found.push({
        start: vmas.vm_start.get(vma),
        end: vmas.vm_end.get(vma),
        pgoff: vmas.vm_pgoff.get(vma),
        flags: vmas.vm_flags.get(vma),
      });
    }
    return found.sort((one, other) => one.start - other.start);
  }

  /** Holds on the open file: the descriptor's and one a VMA. */
  fileHolds(): number {
    return this.kernel.machine.memory.of(file).f_count.get(this.filp);
  }

  /** Every lock that a system call may have left behind. */
  locksHeld(): number {
    const { memory } = this.kernel.machine;
    const vmas = memory.of(vm_area_struct);
    let held =
      memory.of(mm_struct).mmap_lock.get(this.mm) + memory.of(mm_struct).page_table_lock.get(this.mm);
    for (let vma = 1; vma <= memory.of(slots).highest.get(SLOTS_VMA); vma++)
      held += Math.abs(vmas.vm_lock.get(vma));
    return held;
  }
}
