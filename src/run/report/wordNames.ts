import {
  DAX_EMPTY,
  DAX_ENTRY_UNIT,
  DAX_LOCKED,
  DAX_PMD,
  DAX_ZERO_PAGE,
  FILE_PAGES,
  PAGECACHE_TAG_DIRTY,
  PAGECACHE_TAG_TOWRITE,
} from '../../kernel/state/address_space.ts';
import { FIRST_INODE } from '../../kernel/state/inode.ts';
import type { IPagesSlot, MappingId, Pfn } from '../../kernel/state/numbers.ts';
import type { Program } from '../../litmus/index.ts';
import { cpu, TLB_STRIDE } from '../../machine/cpus.ts';
import type { Memory } from '../../machine/memory.ts';
import { byteAt, PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import type { ActorNames } from '../observe/actor.ts';
import { flagNames, frameOf, isLeaf } from '../observe/entry.ts';
import type { FileMap } from '../observe/fileMap.ts';
import type { Layout } from '../observe/layout.ts';
import type { TableMap } from '../observe/tableMap.ts';
import { process } from '../state/process.ts';
import type { Registers } from '../state/registers.ts';
import { BlockNames } from './blockNames.ts';

/** Fields of struct page under the names that conditions use. */
const PAGE_FIELDS: Readonly<Record<string, string>> = {
  _refcount: 'refcount',
  _mapcount: 'mapcount',
  _large_mapcount: 'mapcount',
  _pincount: 'pincount',
};

/** `ref` is what conditions call the references beyond the pgmap's own; the word counts all. */
const PGMAP_FIELDS: Readonly<Record<string, string>> = { ref: 'percpu_ref' };

/** Counts that struct page keeps less 1. */
const COUNTED_FROM_MINUS_ONE: readonly string[] = ['_mapcount', '_large_mapcount', '_entire_mapcount'];

/** Flags of an entry that tell nothing where it maps a page of a device. */
const ORDINARY_FLAGS: readonly string[] = ['present', 'user', 'nx'];

/** Flags of a DAX entry, as they read best. */
const DAX_FLAGS: readonly (readonly [flag: number, name: string])[] = [
  [DAX_PMD, 'huge'],
  [DAX_ZERO_PAGE, 'hole'],
  [DAX_EMPTY, 'empty'],
  [DAX_LOCKED, 'locked'],
];

const DAX_MARKS: readonly (readonly [mark: number, name: string])[] = [
  [PAGECACHE_TAG_DIRTY, 'dirty'],
  [PAGECACHE_TAG_TOWRITE, 'towrite'],
];

function marksText(value: number): string {
  const marks = DAX_MARKS.filter(([mark]) => (value & mark) !== 0).map(([, name]) => name);
  return marks.length === 0 ? 'none' : marks.join(' ');
}

const ENTRY_LEVELS: Readonly<Record<string, number>> = { pte_table: 1, pmd_table: 2, pud_table: 3 };

export interface WordNamesParts {
  readonly program: Program;
  readonly memory: Memory;
  readonly layout: Layout;
  readonly files: FileMap;
  readonly names: ActorNames;
  readonly registers: Registers;
  readonly tables: TableMap;
}

/** Names words of memory, and their values, as the test's author would. */
export class WordNames {
  /** Names blocks of files. */
  readonly blocks: BlockNames;
  private readonly parts: WordNamesParts;
  /** The process that has, or had last, each address space. */
  private readonly owners: number[] = [];

  constructor(parts: WordNamesParts) {
    const { memory, layout, files } = parts;
    this.parts = parts;
    this.blocks = new BlockNames(memory, layout, files);
    memory.watch(memory.of(process).mm, (index, _before, mm) => {
      this.owners[mm] = index;
    });
  }

  /** `d[0].refcount`, `P.m.pte[0]`, `d.pgmap.ref`, `P.mm.mmap_lock`; others by struct, index and field. */
  nameOf(struct: string, field: string, index: number): string {
    const { layout, names, tables } = this.parts;
    switch (struct) {
      case 'page':
        return `${layout.nameOf(index)}.${PAGE_FIELDS[field] ?? field}`;
      case 'device_bytes': {
        const offset = Math.floor(index / byteAt(0, 1));
        return `${layout.nameOf(index - byteAt(0, offset))} byte ${offset}`;
      }
      case 'pte_table':
      case 'pmd_table':
      case 'pud_table': {
        const level = ENTRY_LEVELS[struct] ?? 1;
        return this.addressName(tables.mmOf(index), tables.addressOf(index, level), struct.slice(0, 3));
      }
      case 'address_space':
      case 'inode':
        return `${this.mappingName(index)}.${field}`;
      case 'i_pages':
        return `${this.entryName(index)}${field === 'entry' ? '' : `.${field}`}`;
      case 'super_block':
        return `${this.deviceName(index)}.super.${field}`;
      case 'cached_page':
        return `${layout.nameOf(index)}.cached`;
      case 'dev_pagemap':
        return `${this.deviceName(index)}.pgmap.${PGMAP_FIELDS[field] ?? field}`;
      case 'dev_dax':
      case 'dax_device':
        return `${this.deviceName(index)}.${field}`;
      case 'mm_struct':
        return `${this.mmName(index)}.${field}`;
      case 'cpu':
        return `cpu ${names.threadName(index)}.${field}`;
      case 'tlb': {
        const thread = Math.floor(index / TLB_STRIDE);
        const mm = this.parts.memory.of(cpu).address_space.get(thread);
        return `tlb ${names.threadName(thread)} ${this.addressName(mm, index % TLB_STRIDE, 'page')}`;
      }
      default:
        return `${struct}[${index}].${field}`;
    }
  }

  /** A value as it reads best: entries by their page and flags, counts from 0, all else as it stands. */
  valueOf(struct: string, field: string, value: number): number | string {
    if (struct === 'i_pages') return field === 'entry' ? this.daxEntryText(value) : marksText(value);
    if (struct === 'page') return COUNTED_FROM_MINUS_ONE.includes(field) ? value + 1 : value;
    const level = struct === 'tlb' ? 1 : ENTRY_LEVELS[struct];
    if (level === undefined) return value;
    if (value === 0) return 'none';
    if (!isLeaf(value, level)) return `table ${frameOf(value)}`;
    const flags = flagNames(value).filter((name) => !ORDINARY_FLAGS.includes(name));
    return [this.parts.layout.nameOf(frameOf(value)), ...flags].join(' ');
  }

  /** `d[3] (page 0 of "a")`. */
  pageName(pfn: Pfn): string {
    const { layout, files } = this.parts;
    const place = files.describe(pfn);
    return `${layout.nameOf(pfn)}${place === '' ? '' : ` (${place})`}`;
  }

  /** `"a".i_pages[0]`. */
  entryName(slot: IPagesSlot): string {
    return `${this.mappingName(Math.floor(slot / FILE_PAGES))}.i_pages[${slot % FILE_PAGES}]`;
  }

  /** Whether an entry changed only in which table it points to. */
  isTable(struct: string, before: number, after: number): boolean {
    const level = ENTRY_LEVELS[struct];
    return level !== undefined && !isLeaf(before, level) && !isLeaf(after, level);
  }

  /** An address by the mapping that it lies in. */
  private addressName(mm: number, address: number, what: string): string {
    const { program, registers } = this.parts;
    const owner = program.processes[this.owners[mm] ?? -1];
    for (const [slot, { kind, name }] of owner?.registers.entries() ?? []) {
      if (owner === undefined || kind !== 'mapping') continue;
      const mapping = registers.read({ process: owner.index, slot });
      const page = address - mapping.address / PAGE_SIZE;
      if (page >= 0 && page * PAGE_SIZE < mapping.length) return `${owner.name}.${name}.${what}[${page}]`;
    }
    return `${this.mmName(mm)} ${what} 0x${(address * PAGE_SIZE).toString(16)}`;
  }

  /** `"a"`. */
  fileName(file: MappingId): string {
    return this.parts.files.nameOf(file);
  }

  /** `"a"` of a file, `d` of a device that is mapped itself. */
  private mappingName(mapping: MappingId): string {
    return mapping < FIRST_INODE ? this.deviceName(mapping - 1) : this.parts.files.nameOf(mapping);
  }

  /** A DAX entry by its page and flags. */
  private daxEntryText(value: number): string {
    if (value === 0) return 'none';
    const flags = DAX_FLAGS.filter(([flag]) => (value & flag) !== 0).map(([, name]) => name);
    const hasPages = (value & (DAX_ZERO_PAGE | DAX_EMPTY)) === 0;
    const page = hasPages ? [this.parts.layout.nameOf(Math.floor(value / DAX_ENTRY_UNIT))] : [];
    return [...page, ...flags].join(' ');
  }

  private mmName(mm: number): string {
    const owner = this.parts.program.processes[this.owners[mm] ?? -1];
    return owner === undefined ? `mm[${mm}]` : `${owner.name}.mm`;
  }

  private deviceName(device: number): string {
    return this.parts.layout.extents[device]?.name ?? `device[${device}]`;
  }
}
