import type { Scheme } from '../../../src/compile/dialect/source.ts';
import { MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from '../../../src/kernel/common/include/mman.ts';
import { FILE_PAGES, i_pages } from '../../../src/kernel/state/address_space.ts';
import { ANON_END_PFN, ANON_FIRST_PFN } from '../../../src/kernel/state/anon_page.ts';
import { entryBits } from '../../../src/kernel/state/entryBits.ts';
import { mm_struct } from '../../../src/kernel/state/mm.ts';
import { page } from '../../../src/kernel/state/page.ts';
import {
  PTRS_PER_TABLE,
  pgd_table,
  pmd_table,
  pte_table,
  pud_table,
} from '../../../src/kernel/state/pgtable.ts';
import { DEVICE_PFN, FileKernel, type FileSystem, PAGE } from '../fs/fileKernel.ts';

/** Where the mappings of these tests begin, in pages: 2 MiB aligned. */
export const AT = 512 * 1024;

const MAP_FIXED = 16;

/** What a page-table entry says: its level, the frame, and its flags by name. */
export interface Leaf {
  readonly level: 'pmd' | 'pte';
  readonly pfn: number;
  readonly flags: readonly string[];
}

/** A file system with a file on it, and processes that map the file where the test says. */
export class FaultKernel extends FileKernel {
  readonly filp: number;

  /** `filled` pages of the file are written; it has `pages` in all. */
  constructor(scheme: Scheme, fileSystem: FileSystem, pages: number, filled = pages) {
    super(scheme, fileSystem, 2048);
    this.filp = this.create(0, filled);
    if (filled < pages) this.call('sys_ftruncate', this.filp, pages * PAGE);
  }

  /** Maps pages of the file at a page address. */
  mapAt(
    mm: number,
    at: number,
    pages: number,
    options: { private?: boolean; readOnly?: boolean } = {},
  ): number {
    const prot = options.readOnly === true ? PROT_READ : PROT_READ | PROT_WRITE;
    const flags = (options.private === true ? MAP_PRIVATE : MAP_SHARED) | MAP_FIXED;
    return this.call('sys_mmap', mm, this.filp, at * PAGE, pages * PAGE, prot, flags, 0);
  }

  /** Reads or writes a byte as user space, on the CPU that runs in the address space. */
  override load(mm: number, at: number): number {
    return this.call('cpu_load', mm, at * PAGE);
  }

  override store(mm: number, at: number, value: number): number {
    return this.call('cpu_store', mm, at * PAGE, value);
  }

  leaf(mm: number, at: number): Leaf | undefined {
    const { memory } = this.machine;
    const slot = (table: number, pages: number): number =>
      table * PTRS_PER_TABLE + (Math.floor(at / pages) % PTRS_PER_TABLE);
    const below = (entry: number): number => Math.floor(entry / 4096);
    const pgd = memory.of(pgd_table).entry.get(slot(memory.of(mm_struct).pgd.get(mm), 512 ** 3));
    const pud = pgd === 0 ? 0 : memory.of(pud_table).entry.get(slot(below(pgd), 512 ** 2));
    const pmd = pud === 0 ? 0 : memory.of(pmd_table).entry.get(slot(below(pud), 512));
    if (pmd === 0) return undefined;
    const huge = (pmd & 32) !== 0;
    const entry = huge ? pmd : memory.of(pte_table).entry.get(slot(below(pmd), 1));
    if (entry === 0) return undefined;
    const flags = entryBits.filter(({ flag }) => (entry & flag) !== 0).map(({ name }) => name);
    return { level: huge ? 'pmd' : 'pte', pfn: below(entry), flags };
  }

  /** What the struct page of a page of the device counts. */
  counts(block: number): { refcount: number; mapcount: number; entire: number; large: number } {
    const pages = this.machine.memory.of(page);
    const pfn = DEVICE_PFN + block;
    return {
      refcount: pages._refcount.get(pfn),
      mapcount: pages._mapcount.get(pfn) + 1,
      entire: pages._entire_mapcount.get(pfn) + 1,
      large: pages._large_mapcount.get(pfn) + 1,
    };
  }

  order(block: number): number {
    return this.machine.memory.of(page).order.get(DEVICE_PFN + block);
  }

  /** The DAX entry of a page of the file: 0 if there is none. */
  entry(index: number): number {
    return this.machine.memory.of(i_pages).entry.get(this.inodeOf(this.filp) * FILE_PAGES + index);
  }

  marks(index: number): number {
    return this.machine.memory.of(i_pages).marks.get(this.inodeOf(this.filp) * FILE_PAGES + index);
  }

  /** Pages of files and private copies that an address space maps. */
  rss(mm: number): { file: number; anon: number } {
    const { rss_file, rss_anon } = this.machine.memory.of(mm_struct);
    return { file: rss_file.get(mm), anon: rss_anon.get(mm) };
  }

  /** References of each private copy that there is, in the order of the frames. */
  copies(): number[] {
    const { _refcount } = this.machine.memory.of(page);
    const counts: number[] = [];
    for (let pfn = ANON_FIRST_PFN; pfn < ANON_END_PFN; pfn++) {
      if (_refcount.get(pfn) !== 0) counts.push(_refcount.get(pfn));
    }
    return counts;
  }
}
