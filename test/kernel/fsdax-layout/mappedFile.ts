import type { Scheme } from '../../../src/compile/dialect/source.ts';
import { PROT_READ, PROT_WRITE } from '../../../src/kernel/common/include/mman.ts';
import { mm_struct } from '../../../src/kernel/state/mm.ts';
import { page } from '../../../src/kernel/state/page.ts';
import { ptdesc } from '../../../src/kernel/state/pgtable.ts';
import { SLOTS_TABLE, slots, takeSlot } from '../../../src/kernel/state/slots.ts';
import { cpu } from '../../../src/machine/cpus.ts';
import { DEVICE_PFN, FileKernel, type FileSystem, PAGE } from '../fs/fileKernel.ts';

const MAP_SHARED_FIXED = 0x100001;

/** Where the file is mapped, in bytes. */
export const AT = 6 * 2 ** 30;

/** What a page of the device says of itself. */
export interface PageFacts {
  readonly refcount: number;
  readonly mapcount: number;
  /** Whether a file has it. */
  readonly owned: boolean;
}

/** A file of zeros that a process has mapped, made by system calls from the open on. */
export class MappedFile extends FileKernel {
  readonly filp: number;
  /** The page of the device that was behind each page of the file at first. */
  readonly first: readonly number[];

  constructor(scheme: Scheme, fileSystem: FileSystem, pages: number) {
    super(scheme, fileSystem);
    this.filp = this.create(0, pages);
    this.first = this.blocks(this.filp, pages);
    for (let onCpu = 0; onCpu < this.machine.cpus; onCpu++) this.runIn(onCpu, 1);
    this.machine.cpu = 0;
    const at = this.call(
      'sys_mmap',
      1,
      this.filp,
      AT,
      pages * PAGE,
      PROT_READ | PROT_WRITE,
      MAP_SHARED_FIXED,
      0,
    );
    if (at !== AT) throw new Error(`mmap returned ${at}`);
  }

  private runIn(onCpu: number, mm: number): void {
    const { memory } = this.machine;
    const { pgd, mm_users } = memory.of(mm_struct);
    if (pgd.get(mm) === 0) {
      pgd.set(mm, takeSlot(memory.of(slots).highest, SLOTS_TABLE, memory.of(ptdesc).level, 4));
      mm_users.set(mm, 1);
    }
    memory.of(cpu).address_space.set(onCpu, mm);
  }

  override load(index: number): number {
    return this.call('cpu_load', 1, AT + index * PAGE);
  }

  override store(index: number, byte: number): number {
    return this.call('cpu_store', 1, AT + index * PAGE, byte);
  }

  /** What backed page `index` of the file at first. */
  page(index: number): PageFacts {
    const pages = this.machine.memory.of(page);
    const pfn = DEVICE_PFN + (this.first[index] ?? -1);
    return {
      refcount: pages._refcount.get(pfn),
      mapcount: pages._mapcount.get(pfn) + 1,
      owned: pages.mapping.get(pfn) !== 0,
    };
  }

  /** MM_FILEPAGES of the process. */
  get rss(): number {
    return this.machine.memory.of(mm_struct).rss_file.get(1);
  }
}
