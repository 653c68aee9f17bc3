import type { Scheme } from '../../../src/compile/dialect/source.ts';
import type { PlainFunction } from '../../../src/compile/link/plain.ts';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import {
  VM_HUGEPAGE,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_READ,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WRITE,
} from '../../../src/kernel/common/include/vm_flags.ts';
import { linkKernel } from '../../../src/kernel/link.ts';
import { dev_dax } from '../../../src/kernel/state/dax.ts';
import { entryBits } from '../../../src/kernel/state/entryBits.ts';
import { deviceOfPfn, initialPageField } from '../../../src/kernel/state/memmap.ts';
import { file, mm_struct, vm_area_struct } from '../../../src/kernel/state/mm.ts';
import { page } from '../../../src/kernel/state/page.ts';
import {
  PTRS_PER_TABLE,
  pgd_table,
  pmd_table,
  ptdesc,
  pte_table,
  pud_table,
} from '../../../src/kernel/state/pgtable.ts';
import { SLOTS_TABLE, SLOTS_VMA, slots, takeSlot } from '../../../src/kernel/state/slots.ts';
import { cpu, tlb, tlbSlot } from '../../../src/machine/cpus.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { SlabMemory } from '../../../src/machine/slabMemory.ts';

/** First frame of the test's only device, aligned to 1 GiB. */
export const DEVICE_PFN = 4 * 262144;

export const READ_WRITE =
  VM_READ | VM_WRITE | VM_SHARED | VM_MAYSHARE | VM_MAYREAD | VM_MAYWRITE | VM_HUGEPAGE | VM_SOFTDIRTY;
export const READ_ONLY = READ_WRITE & ~VM_WRITE;

/** A page-table entry that maps an address: what level it stands on, and its flags by name. */
export interface Leaf {
  readonly level: 'pte' | 'pmd' | 'pud';
  readonly pfn: number;
  readonly flags: readonly string[];
}

/**
 * A machine whose kernel has one bound device-DAX device, and address spaces and VMAs made by hand: the functions
 * under test are the fault path and the unmapping, not mmap.
 */
export class ModelKernel {
  readonly scheme: Scheme;
  readonly machine: Machine;
  readonly warnings: string[] = [];
  readonly functions: Readonly<Record<string, PlainFunction>>;

  /** `align` is 1, 512 or 262144 pages. */
  constructor(scheme: Scheme, align: number, cpus = 4) {
    this.scheme = scheme;
    const memory = new SlabMemory();
    const observer = {
      warning: (_cpu: number, text: string): void => void this.warnings.push(text),
      translated: (): void => undefined,
    };
    this.machine = { memory, cpus, cpu: 0, observer };
    memory.setUntouched(page, (field, pfn) => {
      const device = deviceOfPfn(memory, pfn);
      return device === 0 ? 0 : initialPageField(memory, device - 1, field, pfn);
    });
    this.functions = linkKernel({ form: 'plain', scheme }).instantiate(this.machine).functions;
    const device = memory.of(dev_dax);
    device.align.set(0, align);
    device.start_pfn.set(0, DEVICE_PFN);
    device.nr_pages.set(0, 4 * 262144);
    this.call('device_bind', 0);
    memory.of(file).f_mapping.set(1, 1);
  }

  /** Runs a kernel function to its end on the current CPU. */
  call(name: string, ...args: number[]): number {
    const called = this.functions[name];
    if (called === undefined) throw new Error(`the kernel has no function ${name}`);
    return called(...args) ?? 0;
  }

  /** Starts a kernel function as a thread on a CPU, to be stepped. */
  thread(onCpu: number, name: string, ...args: number[]): KernelThread {
    return linkKernel({ form: 'generators', scheme: this.scheme })
      .instantiate(this.machine)
      .start(onCpu, name, ...args);
  }

  /** Lets a CPU run in an address space, whose top-level table comes with the first CPU. */
  runIn(onCpu: number, mm: number): void {
    const { memory } = this.machine;
    const { pgd, mm_users } = memory.of(mm_struct);
    if (pgd.get(mm) === 0) {
      pgd.set(mm, takeSlot(memory.of(slots).highest, SLOTS_TABLE, memory.of(ptdesc).level, 4));
      mm_users.set(mm, 1);
    }
    memory.of(cpu).address_space.set(onCpu, mm);
    this.machine.cpu = onCpu;
  }

  /** Maps the device from page `pgoff` on at pages `[start, end)`; the VMA's slot. */
  map(mm: number, start: number, end: number, flags = READ_WRITE, pgoff = 0): number {
    const { memory } = this.machine;
    const vmas = memory.of(vm_area_struct);
    const vma = takeSlot(memory.of(slots).highest, SLOTS_VMA, vmas.vm_mm, mm);
    vmas.vm_start.set(vma, start);
    vmas.vm_end.set(vma, end);
    vmas.vm_pgoff.set(vma, pgoff);
    vmas.vm_flags.set(vma, flags);
    vmas.vm_file.set(vma, 1);
    vmas.attached.set(vma, 1);
    vmas.shared.set(vma, 1);
    return vma;
  }

  load(mm: number, vaddr: number, offset = 0): number {
    return this.call('cpu_load', mm, vaddr * 4096 + offset);
  }

  store(mm: number, vaddr: number, value: number): number {
    return this.call('cpu_store', mm, vaddr * 4096, value);
  }

  /** The leaf that maps an address, or undefined. */
  leaf(mm: number, vaddr: number): Leaf | undefined {
    const { memory } = this.machine;
    const slot = (table: number, pages: number): number =>
      table * PTRS_PER_TABLE + (Math.floor(vaddr / pages) % PTRS_PER_TABLE);
    const below = (entry: number): number => Math.floor(entry / 4096);
    const pgd = memory.of(pgd_table).entry.get(slot(memory.of(mm_struct).pgd.get(mm), 512 ** 3));
    if (pgd === 0) return undefined;
    const pud = memory.of(pud_table).entry.get(slot(below(pgd), 512 ** 2));
    if (pud === 0 || (pud & 32) !== 0) return leafOf('pud', pud);
    const pmd = memory.of(pmd_table).entry.get(slot(below(pud), 512));
    if (pmd === 0 || (pmd & 32) !== 0) return leafOf('pmd', pmd);
    return leafOf('pte', memory.of(pte_table).entry.get(slot(below(pmd), 1)));
  }

  /** The TLB entry of a CPU for an address; 0 if none. */
  cached(onCpu: number, vaddr: number): number {
    return this.machine.memory.of(tlb).entry.get(tlbSlot(onCpu, vaddr));
  }

  /** A field of the struct page of device page `index`. */
  page(index: number): {
    refcount: number;
    mapcount: number;
    large: number;
    entire: number;
    nrMapped: number;
    flags: number;
  } {
    const pages = this.machine.memory.of(page);
    const pfn = DEVICE_PFN + index;
    return {
      refcount: pages._refcount.get(pfn),
      mapcount: pages._mapcount.get(pfn) + 1,
      large: pages._large_mapcount.get(pfn) + 1,
      entire: pages._entire_mapcount.get(pfn) + 1,
      nrMapped: pages._nr_pages_mapped.get(pfn),
      flags: pages.flags.get(pfn),
    };
  }

  rss(mm: number): number {
    return this.machine.memory.of(mm_struct).rss_file.get(mm);
  }

  /** Page-table pages in use. */
  tables(): number {
    const { level } = this.machine.memory.of(ptdesc);
    let used = 0;
    for (let table = 1; table <= this.machine.memory.of(slots).highest.get(SLOTS_TABLE); table++) {
      if (level.get(table) !== 0) used++;
    }
    return used;
  }
}

function leafOf(level: Leaf['level'], entry: number): Leaf | undefined {
  if (entry === 0) return undefined;
  const flags = entryBits.filter(({ flag }) => (entry & flag) !== 0).map(({ name }) => name);
  return { level, pfn: Math.floor(entry / 4096), flags };
}
