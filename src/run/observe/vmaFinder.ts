import { file, vm_area_struct } from '../../kernel/state/mm.ts';
import type { MappingId, MmId, Vaddr, VmaId } from '../../kernel/state/numbers.ts';
import { SLOTS_VMA, slots } from '../../kernel/state/slots.ts';
import type { Memory } from '../../machine/memory.ts';

/** Neighbouring pages of an address_space, and where a VMA maps them. */
export interface MappedPages {
  readonly vma: VmaId;
  readonly mm: MmId;
  readonly address: Vaddr;
  readonly index: number;
  readonly pages: number;
}

/** Finds the VMA of an address, as the trees stand at this moment, and reads it. */
export class VmaFinder {
  private readonly fields: typeof vm_area_struct;
  private readonly highest: (typeof slots)['highest'];
  private readonly mappings: (typeof file)['f_mapping'];
  constructor(memory: Memory) {
    this.fields = memory.of(vm_area_struct);
    this.highest = memory.of(slots).highest;
    this.mappings = memory.of(file).f_mapping;
  }

  /**
   * The VMA of `mm` that contains `address`; 0 for none. One that munmap is about to take down counts while who walks the
   * mappings of its file still comes to it, and may write its entries.
   */
  find(mm: MmId, address: Vaddr): VmaId {
    const limit = this.highest.get(SLOTS_VMA);
    let leaving: VmaId = 0;
    for (let vma: VmaId = 1; vma <= limit; vma++) {
      if (this.contains(vma, mm, address)) return vma;
      if (this.isLeaving(vma, mm, address)) leaving = vma;
    }
    return leaving;
  }

  /** The address_space that a VMA maps; 0 for none. */
  mappingOf(vma: VmaId): MappingId {
    return vma === 0 ? 0 : this.mappings.get(this.fields.vm_file.get(vma));
  }

  /** The pages of an address_space that VMAs map, with where they map them. */
  *mappingsOf(mapping: MappingId): Generator<MappedPages> {
    const { vm_mm, vm_start, vm_end, vm_pgoff, attached } = this.fields;
    const limit = this.highest.get(SLOTS_VMA);
    for (let vma: VmaId = 1; vma <= limit; vma++) {
      if (vm_mm.get(vma) === 0 || attached.get(vma) === 0 || this.mappingOf(vma) !== mapping) continue;
      const address = vm_start.get(vma);
      yield { vma, mm: vm_mm.get(vma), address, index: vm_pgoff.get(vma), pages: vm_end.get(vma) - address };
    }
  }

  /** What the VMAs of `mm` map of pages `[first, end)` of it, cut to that range. */
  *mappedIn(mm: MmId, first: Vaddr, end: Vaddr): Generator<MappedPages & { readonly mapping: MappingId }> {
    const { vm_mm, vm_start, vm_end, attached } = this.fields;
    const limit = this.highest.get(SLOTS_VMA);
    for (let vma: VmaId = 1; vma <= limit; vma++) {
      if (vm_mm.get(vma) !== mm || attached.get(vma) === 0) continue;
      const address = Math.max(first, vm_start.get(vma));
      const pages = Math.min(end, vm_end.get(vma)) - address;
      if (pages <= 0) continue;
      yield { vma, mm, mapping: this.mappingOf(vma), address, index: this.indexAt(vma, address), pages };
    }
  }

  /** Page of the device or file that a VMA has at an address. */
  indexAt(vma: VmaId, address: Vaddr): number {
    return this.fields.vm_pgoff.get(vma) + address - this.fields.vm_start.get(vma);
  }

  /** VM_ flags of a VMA. */
  flagsOf(vma: VmaId): number {
    return this.fields.vm_flags.get(vma);
  }

  protected contains(vma: VmaId, mm: MmId, address: Vaddr): boolean {
    return vma !== 0 && this.fields.attached.get(vma) !== 0 && this.covers(vma, mm, address);
  }

  private isLeaving(vma: VmaId, mm: MmId, address: Vaddr): boolean {
    const { attached, shared } = this.fields;
    return attached.get(vma) === 0 && shared.get(vma) !== 0 && this.covers(vma, mm, address);
  }

  private covers(vma: VmaId, mm: MmId, address: Vaddr): boolean {
    const { vm_mm, vm_start, vm_end } = this.fields;
    return vm_mm.get(vma) === mm && vm_start.get(vma) <= address && address < vm_end.get(vma);
  }
}

/** Looks first at the VMA that it found last. What it reads then depends on more than the memory, so that the checker must do without. */
export class RememberingVmaFinder extends VmaFinder {
  private last: VmaId = 0;

  override find(mm: MmId, address: Vaddr): VmaId {
    if (!this.contains(this.last, mm, address)) this.last = super.find(mm, address);
    return this.last;
  }
}
