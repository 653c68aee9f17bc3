import type { MappingId, Pfn } from '../../kernel/state/numbers.ts';
import type { TableMap } from '../observe/tableMap.ts';
import { BlockNames } from './blockNames.ts';
import { cpuNames } from './names/cpuNames.ts';
import { deviceNames } from './names/deviceNames.ts';
import { fileNames } from './names/fileNames.ts';
import { holderNames } from './names/holderNames.ts';
import { mmNames } from './names/mmNames.ts';
import { pageNames } from './names/pageNames.ts';
import { Places, type PlacesParts } from './names/places.ts';
import type { ReadableValue, StructNames } from './names/structNames.ts';
import { isTableChange, tableNames } from './names/tableNames.ts';

/** Structs whose words are the tools' bookkeeping, not the machine's, or are told in another way. */
const UNTOLD_STRUCTS: readonly string[] = [
  'register',
  'process',
  'descriptor',
  'barrier',
  'slots',
  'taking_call',
  'known_extent',
  'stale_reference',
  'newer_translation',
  'persistent_range',
  'extent',
  'durable_extent',
];

/** Words that say nothing besides the others of their struct. */
const UNTOLD_WORDS: readonly string[] = ['wait_exceptional_entry_queue.turn', 'holder.runs'];

export interface WordNamesParts extends PlacesParts {
  readonly tables: TableMap;
}

/** Names words of memory, and their values, as somebody would who knows the test and the kernel. */
export class WordNames {
  /** Names blocks of files. */
  readonly blocks: BlockNames;
  private readonly parts: WordNamesParts;
  private readonly structs: ReadonlyMap<string, StructNames>;

  constructor(parts: WordNamesParts) {
    const { memory, layout, files, tables } = parts;
    const places = new Places(parts);
    this.parts = parts;
    this.blocks = new BlockNames(memory, layout, files);
    this.structs = new Map(
      Object.entries({
        ...pageNames(places),
        ...fileNames(places, memory),
        ...deviceNames(places),
        ...tableNames(places, memory, tables),
        ...mmNames(places, memory),
        ...holderNames(places, memory),
        ...cpuNames(places),
      }),
    );
  }

  /** Whether a word is worth a line where steps are told one by one. */
  isTold(struct: string, field: string): boolean {
    return !UNTOLD_STRUCTS.includes(struct) && !UNTOLD_WORDS.includes(`${struct}.${field}`);
  }

  /** `d[0].refcount`, `P.m.pte[0]`, `d.pgmap.ref`, `P.mm.mmap_lock`; others by struct, index and field. */
  nameOf(struct: string, field: string, index: number): string {
    return this.structs.get(struct)?.word(index, field) ?? `${struct}[${index}].${field}`;
  }

  /** A value as it reads best: entries by their page and flags, flags by their names, counts from 0, all else as it stands. */
  valueOf(struct: string, field: string, index: number, value: number): ReadableValue {
    return this.structs.get(struct)?.value?.(value, field, index) ?? value;
  }

  /** `d[3] (page 0 of "a")`. */
  pageName(pfn: Pfn): string {
    const { layout, files } = this.parts;
    const place = files.describe(pfn);
    return `${layout.nameOf(pfn)}${place === '' ? '' : ` (${place})`}`;
  }

  /** `"a"`. */
  fileName(file: MappingId): string {
    return this.parts.files.nameOf(file);
  }

  /** Whether an entry changed only in which table it points to. */
  isTable(struct: string, before: number, after: number): boolean {
    return isTableChange(struct, before, after);
  }
}
