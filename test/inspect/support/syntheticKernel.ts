import { type AddressForm, buildKallsyms } from './kallsymsBuilder.ts';
import { PageTableBuilder } from './pageTableBuilder.ts';
import { ascii, SparseMemory, u32, u64 } from './sparseMemory.ts';
import {
  COUNTER,
  FILE_PAGES,
  FLAGS,
  FOLIO,
  MM,
  PAGE,
  syntheticBtf,
  TASK,
  type TypeFaults,
} from './syntheticTypes.ts';

export interface KernelShape {
  readonly hasP4d: boolean;
  readonly addressForm: AddressForm;
  readonly types: TypeFaults;
  /** Lines of VMCOREINFO that are missing, by their beginning. */
  readonly withoutLines?: readonly string[];
  /** Symbols that are missing in kallsyms. */
  readonly withoutSymbols?: readonly string[];
}

export const PLAIN: KernelShape = {
  hasP4d: false,
  addressForm: 'from a base',
  types: { tailWord: 'compound_head' },
};

export const RELEASE = '6.99.0-made-up';

const MIB = 2 ** 20;
const IMAGE_PHYSICAL = 4 * MIB;
const IMAGE = 0xffffffff_93000000n;
const NOTE_PHYSICAL = 13 * MIB + 3 * 4096;
const PLACE = { kallsyms: 1 * MIB, btf: 2 * MIB, variables: 3 * MIB };
const MEMORY_SIZE = 64 * MIB;
const INIT_TASK = PLACE.variables + 0x2000;
/** The made-up machine has this many CPUs. */
const CPUS = 2;

/** A made-up kernel in a made-up memory: as much of one as the inspector looks at. */
export class SyntheticKernel {
  readonly memory = new SparseMemory(MEMORY_SIZE);
  readonly directMap: bigint;
  readonly vmemmap: bigint;
  readonly tables: PageTableBuilder;
  #nextPage = 16 * MIB;
  readonly #shape: KernelShape;
  readonly #tasks: { readonly physical: number; readonly virtual: bigint }[] = [];
  readonly #vmemmapPages = new Map<bigint, number>();

  constructor(shape: KernelShape = PLAIN) {
    this.#shape = shape;
    this.directMap = shape.hasP4d ? 0xff11_0000_0000_0000n : 0xffff_8880_0000_0000n;
    this.vmemmap = shape.hasP4d ? 0xffd4_0000_0000_0000n : 0xffff_ea00_0000_0000n;
    this.tables = new PageTableBuilder(this.memory, this.allocate, shape.hasP4d, IMAGE_PHYSICAL);
    for (let at = 0; at < MEMORY_SIZE; at += 2 * MIB) this.tables.map(this.directMap + BigInt(at), at, 'pmd');
    for (let at = 0; at < 4 * MIB; at += 2 * MIB)
      this.tables.map(IMAGE + BigInt(at), IMAGE_PHYSICAL + at, 'pmd');
    this.#addTask(0, { physical: IMAGE_PHYSICAL + INIT_TASK, virtual: IMAGE + BigInt(INIT_TASK) });
    this.#writeVariables();
    this.#writeSymbolsAndNote();
    this.memory.write(IMAGE_PHYSICAL + PLACE.btf, syntheticBtf(shape.types));
  }

  /** A page of physical memory that nobody uses. */
  readonly allocate = (): number => {
    this.#nextPage += 4096;
    return this.#nextPage;
  };

  /** Gives a frame a struct page, if it has none. */
  addStructPage(pfn: number): void {
    this.#structPage(pfn);
  }

  /** Takes the struct pages of a frame and its neighbours away. */
  removeStructPages(pfn: number): void {
    this.tables.setEntry(this.vmemmap + BigInt(pfn * PAGE.size), 'pte', 0n);
  }

  setPage(
    pfn: number,
    { flags = 0n, refcount = 0, mapcount = 0, mapping = 0n, index = 0n }: PageFields,
  ): void {
    const page = this.#structPage(pfn);
    this.memory.writeU64(page + PAGE.flags, flags);
    this.memory.writeU32(page + PAGE._refcount, refcount);
    this.memory.writeU32(page + PAGE._mapcount, mapcount - 1);
    this.memory.writeU64(page + PAGE.mapping, mapping);
    this.memory.writeU64(page + PAGE.index, index);
  }

  /** Makes a large folio of 2^order pages, all with struct pages of their own. */
  setFolio(pfn: number, order: number, fields: PageFields & FolioFields): void {
    this.setPage(pfn, { ...fields, flags: (fields.flags ?? 0n) | (1n << BigInt(FLAGS.PG_head)) });
    const head = this.#structPage(pfn);
    const mask = -1n << BigInt(Math.log2(PAGE.size) + order);
    const address = this.vmemmap + BigInt(pfn * PAGE.size);
    const word = this.#shape.types.tailWord === 'compound_info' ? mask : address;
    for (let tail = pfn + 1; tail < pfn + 2 ** order; tail++) {
      this.setPage(tail, { refcount: 0, mapcount: 0 });
      this.memory.writeU64(this.#structPage(tail) + PAGE.tailWord, word | 1n);
    }
    this.memory.writeU64(head + FOLIO._flags_1, 0xabcd00n | BigInt(order));
    this.memory.writeU32(head + FOLIO._large_mapcount, fields.largeMapcount - 1);
    this.memory.writeU32(head + FOLIO._entire_mapcount, fields.entireMapcount - 1);
    this.memory.writeU32(head + FOLIO._nr_pages_mapped, fields.nrPagesMapped);
    this.memory.writeU32(head + FOLIO._pincount, fields.pincount);
  }

  /** Adds a process without an address space to the list of all, and returns where its task is. */
  addTask(pid: number): number {
    const physical = this.allocate();
    this.#addTask(pid, { physical, virtual: this.directMap + BigInt(physical) });
    return physical;
  }

  /** Adds a process with an address space, and returns its page tables. */
  addProcess(
    pid: number,
    filePages: { readonly sum: bigint; readonly ofCpus: readonly number[] },
  ): PageTableBuilder {
    const task = this.addTask(pid);
    const mm = this.allocate();
    const tables = new PageTableBuilder(this.memory, this.allocate, this.#shape.hasP4d);
    this.memory.writeU64(task + TASK.mm, this.directMap + BigInt(mm));
    this.memory.writeU64(mm + MM.pgd, this.directMap + BigInt(tables.root));
    const counter = mm + MM.rss_stat + FILE_PAGES * COUNTER.size;
    const own = this.allocate();
    this.memory.writeU64(counter + COUNTER.count, filePages.sum);
    this.memory.writeU64(counter + COUNTER.counters, this.directMap + BigInt(own));
    filePages.ofCpus.forEach((count, cpu) => {
      this.memory.writeU32(own + cpu * PER_CPU_DISTANCE, count >>> 0);
    });
    return tables;
  }

  /** The text of the VMCOREINFO note. */
  vmcoreinfo(): string {
    const hex = (value: bigint): string => value.toString(16);
    const physicalBase = BigInt(IMAGE_PHYSICAL) - (IMAGE - 0xffffffff80000000n);
    const { withoutLines = [] } = this.#shape;
    const kallsyms =
      this.#shape.addressForm === 'from each offset' ? KALLSYMS : [...KALLSYMS, 'relative_base'];
    return [
      `OSRELEASE=${RELEASE}`,
      'PAGESIZE=4096',
      `SYMBOL(swapper_pg_dir)=${hex(IMAGE)}`,
      `SYMBOL(vmemmap)=${hex(this.vmemmap)}`,
      ...kallsyms.map((name) => `SYMBOL(kallsyms_${name})=${hex(this.#kallsymsPlace(name))}`),
      `NUMBER(phys_base)=${physicalBase}`,
      `NUMBER(pgtable_l5_enabled)=${this.#shape.hasP4d ? 1 : 0}`,
      'NUMBER(sme_mask)=0',
    ]
      .filter((line) => !withoutLines.some((beginning) => line.startsWith(beginning)))
      .map((line) => `${line}\n`)
      .join('');
  }

  writeNote(physical: number, text: string): void {
    const content = ascii(text);
    this.memory.write(physical, [
      ...u32(11),
      ...u32(content.length),
      ...u32(0),
      ...ascii('VMCOREINFO'),
      0,
      0,
      ...content,
    ]);
  }

  #addTask(pid: number, task: { readonly physical: number; readonly virtual: bigint }): void {
    this.memory.writeU32(task.physical + TASK.pid, pid);
    this.#tasks.push(task);
    this.#tasks.forEach(({ physical }, index) => {
      const next = this.#tasks[(index + 1) % this.#tasks.length] ?? task;
      this.memory.writeU64(physical + TASK.tasks, next.virtual + BigInt(TASK.tasks));
    });
  }

  #kallsymsPlace(name: string): bigint {
    return IMAGE + BigInt(PLACE.kallsyms + KALLSYMS_ORDER.indexOf(name) * 0x4000);
  }

  #structPage(pfn: number): number {
    const virtual = this.vmemmap + BigInt(pfn * PAGE.size);
    const key = virtual >> 12n;
    let page = this.#vmemmapPages.get(key);
    if (page === undefined) {
      page = this.allocate();
      this.#vmemmapPages.set(key, page);
      this.tables.map(virtual & ~0xfffn, page);
    }
    return page + Number(virtual & 0xfffn);
  }

  #writeVariables(): void {
    const variables = IMAGE_PHYSICAL + PLACE.variables;
    this.memory.writeU32(variables + 0x10, CPUS);
    for (let cpu = 0; cpu < CPUS; cpu++)
      this.memory.writeU64(variables + 0x100 + cpu * 8, BigInt(cpu * PER_CPU_DISTANCE));
    this.memory.writeU64(variables + 0x20, this.vmemmap);
  }

  #writeSymbolsAndNote(): void {
    const { addressForm, withoutSymbols = [] } = this.#shape;
    const variables = IMAGE + BigInt(PLACE.variables);
    const symbols = [
      { name: 'a_function', address: IMAGE + 0x40n, letter: 'T' },
      { name: 'x'.repeat(200), address: IMAGE + 0x80n },
      { name: '__start_BTF', address: IMAGE + BigInt(PLACE.btf) },
      { name: 'swapper_pg_dir', address: IMAGE },
      { name: 'init_task', address: IMAGE + BigInt(INIT_TASK) },
      { name: 'nr_cpu_ids', address: variables + 0x10n },
      { name: 'vmemmap_base', address: variables + 0x20n },
      { name: '__per_cpu_offset', address: variables + 0x100n },
    ];
    const kept = symbols.filter(({ name }) => !withoutSymbols.includes(name));
    const { names, tokenTable, tokenIndex, offsets } = buildKallsyms(kept, addressForm, IMAGE);
    const put = (name: string, bytes: readonly number[]): void =>
      this.memory.write(IMAGE_PHYSICAL + Number(this.#kallsymsPlace(name) - IMAGE), bytes);
    put('num_syms', u32(kept.length));
    put('names', names);
    put('token_table', tokenTable);
    put('token_index', tokenIndex);
    put('offsets', offsets(this.#kallsymsPlace('offsets')));
    put('relative_base', u64(IMAGE));
    this.writeNote(NOTE_PHYSICAL, this.vmcoreinfo());
  }
}

const KALLSYMS = ['num_syms', 'names', 'token_table', 'token_index', 'offsets'];
const KALLSYMS_ORDER = [...KALLSYMS, 'relative_base'];
const PER_CPU_DISTANCE = 0x400;

export interface PageFields {
  readonly flags?: bigint;
  readonly refcount?: number;
  /** Entries that map this page. */
  readonly mapcount?: number;
  readonly mapping?: bigint;
  readonly index?: bigint;
}

export interface FolioFields {
  readonly largeMapcount: number;
  readonly entireMapcount: number;
  readonly nrPagesMapped: number;
  readonly pincount: number;
}
