import {
  declaredStructs,
  type Field,
  isWideField,
  type Struct,
  type StructSchema,
  schemaOfStruct,
  tooWide,
} from '../../machine/field.ts';
import type { FieldWatcher, Guard, Memory, Untouched } from '../../machine/memory.ts';
import { PRIVATE_STRIDE } from '../../machine/primitives/own.ts';
import { UNTOUCHED, WordTree } from '../words/wordTree.ts';
import { AccessRecorder } from './accessRecorder.ts';
import { Directories } from './directories.ts';
import { Journal } from './journal.ts';
import { WordNumbers } from './wordNumbers.ts';

export interface SharedMemoryOptions {
  /**
   * Structs that steps look through or forget by ranges, with the objects of one region. Such a step touches words
   * that have no number yet; the region's own word stands for them.
   */
  readonly regions: Readonly<Record<string, number>>;
  /** Those of them whose regions list their touched words however large they are: few objects are ever touched. */
  readonly sparse?: readonly string[];
}

/** Objects of a region that is worth a list of its touched words. */
const LARGEST_LISTED_REGION: number = 2 ** 20;

/** A step looks through a struct, or forgets part of it, and the struct has no regions. */
export class NeedsRegions extends Error {
  readonly struct: string;

  constructor(struct: string) {
    super(`${struct} is used by ranges: it needs regions`);
    this.name = 'NeedsRegions';
    this.struct = struct;
  }
}

/** How a struct is read and written. */
interface Room {
  readonly schema: StructSchema;
  untouched: Untouched | undefined;
  guard: Guard | undefined;
  /** Number of the word that stands for the region of an object; undefined if the struct has no regions. */
  readonly regionWord: ((index: number) => number) | undefined;
  readonly regionSize: number;
  /** Whether the word of a region lists its touched words, so that looking through it needs no other. */
  readonly hasDirectories: boolean;
}

/**
 * The shared words as the checker needs them: stored as one number and brought back, with a record of what each
 * step touches. Fields of private structs go to `privateWords`, the words of the thread that steps.
 *
 * A word that holds what it would hold untouched is untouched: states that are equal for the kernel are equal.
 */
export class SharedMemory implements Memory {
  readonly recorder: AccessRecorder = new AccessRecorder();
  readonly journal: Journal = new Journal();
  readonly numbers: WordNumbers = new WordNumbers();
  readonly words: WordTree = new WordTree();
  readonly privateNumbers: WordNumbers = new WordNumbers();
  privateWords: Float64Array = new Float64Array(64).fill(UNTOUCHED);
  private readonly directories = new Directories();
  private readonly rooms = new Map<string, Room>();
  private readonly bound = new Map<string, Readonly<Record<string, SharedField | PrivateField>>>();
  private readonly boundStructs = new Map<object, Readonly<Record<string, Field>>>();

  constructor({ regions, sparse = [] }: SharedMemoryOptions) {
    for (const schema of declaredStructs()) {
      const regionSize = regions[schema.name];
      const regionNumber = this.numbers.ofField(schema, undefined);
      const room: Room = {
        schema,
        untouched: undefined,
        guard: undefined,
        regionSize: regionSize ?? 0,
        hasDirectories:
          regionSize !== undefined && (regionSize <= LARGEST_LISTED_REGION || sparse.includes(schema.name)),
        regionWord:
          regionSize === undefined ? undefined : (index) => regionNumber(Math.floor(index / regionSize)),
      };
      this.rooms.set(schema.name, room);
      const fields = Object.keys(schema.fields).map((name, position) => [
        name,
        schema.options.private === true
          ? new PrivateField(this, schema, name, position)
          : new SharedField(this, room, name, position),
      ]);
      this.bound.set(schema.name, Object.fromEntries(fields));
    }
  }

  of<Index extends number, Names extends string>(struct: Struct<Index, Names>): Struct<Index, Names> {
    let fields = this.boundStructs.get(struct);
    if (fields === undefined) {
      fields = this.named(schemaOfStruct(struct).name);
      this.boundStructs.set(struct, fields);
    }
    return fields as Struct<Index, Names>;
  }

  named(struct: string): Readonly<Record<string, Field>> {
    const fields = this.bound.get(struct);
    if (fields === undefined)
      throw new Error(`no struct '${struct}' was declared before the memory was made`);
    return fields;
  }

  forget(struct: object, first: number, end: number): void {
    if (this.journal.isReplaying) return;
    const room = this.room(struct);
    this.eachRegion(room, first, end, (word) => this.recorder.write(word));
    for (const word of this.touchedWords(room, first, end)) {
      this.recorder.write(word);
      this.words.set(word, UNTOUCHED);
    }
  }

  touchedIn(struct: object, first: number, end: number): number[] {
    return this.journal.listThrough(() => {
      const room = this.room(struct);
      this.eachRegion(room, first, end, (word) => this.recorder.read(word));
      const words = this.touchedWords(room, first, end);
      return [...new Set(words.map((word) => this.numbers.name(word).index))].sort((a, b) => a - b);
    });
  }

  /** Brings the directories up to date with what a step wrote, when it is done. */
  settle(): void {
    for (const directory of this.directoriesWritten()) {
      const words = this.directories.wordsOf(this.directoryIn(directory));
      this.words.set(directory, this.directories.numberOf(this.adjusted(words, directory)) || UNTOUCHED);
    }
  }

  private touchedWords(room: Room, first: number, end: number): readonly number[] {
    const words = room.hasDirectories
      ? this.listedWords(room, first, end)
      : this.knownWords(room.schema.name);
    return words.filter((word) => {
      const { index } = this.numbers.name(word);
      return index >= first && index < end && this.words.get(word) !== UNTOUCHED;
    });
  }

  private listedWords(room: Room, first: number, end: number): readonly number[] {
    const words: number[] = [];
    const last = Math.floor((end - 1) / room.regionSize);
    for (let region = Math.floor(first / room.regionSize); region <= last; region++) {
      const directory = room.regionWord?.(region * room.regionSize) ?? 0;
      words.push(...this.adjusted(this.directories.wordsOf(this.directoryIn(directory)), directory));
    }
    return words;
  }

  /** All words of a struct that anybody has ever touched: which ones there are, no list of words tells. */
  private knownWords(struct: string): readonly number[] {
    this.words.trace.lookAround();
    return Object.values(this.named(struct)).flatMap(({ name }) => [
      ...this.numbers.known(struct, name).values(),
    ]);
  }

  private directoryIn(word: number): number {
    const directory = this.words.get(word);
    return directory === UNTOUCHED ? 0 : directory;
  }

  /** What a directory has to list, given what it lists and what was written since. */
  private adjusted(listed: readonly number[], directory: number): readonly number[] {
    const { trace } = this.words;
    const words = new Set(listed);
    for (const word of trace.written) {
      if (this.directoryOf(word) !== directory) continue;
      if (this.words.values[word] === UNTOUCHED) words.delete(word);
      else words.add(word);
    }
    return [...words];
  }

  /** Directories of regions in which a word was touched for the first time, or is untouched again. */
  private directoriesWritten(): ReadonlySet<number> {
    const { trace, values } = this.words;
    const directories = new Set<number>();
    for (const word of trace.written) {
      const directory = this.directoryOf(word);
      if (directory === undefined) continue;
      const wasTouched = trace.valueBefore(word) !== UNTOUCHED;
      if (wasTouched !== (values[word] !== UNTOUCHED)) directories.add(directory);
    }
    return directories;
  }

  /** The directory that lists a word; undefined if none does. */
  private directoryOf(word: number): number | undefined {
    const { struct, field, index } = this.numbers.name(word);
    const room = this.rooms.get(struct);
    return field !== undefined && room?.hasDirectories === true ? room.regionWord?.(index) : undefined;
  }

  setUntouched(struct: object, untouched: Untouched): void {
    this.room(struct).untouched = untouched;
  }

  /** Says which objects of a struct do not exist for now. */
  guard(struct: object, guard: Guard): void {
    this.room(struct).guard = guard;
  }

  watch(field: Field, watcher: FieldWatcher): void {
    const bound = this.bound.get(field.struct)?.[field.name];
    if (!(bound instanceof SharedField)) throw new Error(`${field.struct}.${field.name} cannot be watched`);
    bound.watchers.push(watcher);
  }

  private room(struct: object): Room {
    const room = this.rooms.get(schemaOfStruct(struct).name);
    if (room === undefined) throw new Error('the struct was declared after the memory was made');
    return room;
  }

  private eachRegion(room: Room, first: number, end: number, visit: (word: number) => void): void {
    if (!this.recorder.isRecording) return;
    if (room.regionWord === undefined) {
      // Whoever forgets guarded objects changes what the guard reads on every access.
      if (room.guard !== undefined) return;
      throw new NeedsRegions(room.schema.name);
    }
    const last = Math.floor((end - 1) / room.regionSize);
    for (let region = Math.floor(first / room.regionSize); region <= last; region++) {
      visit(room.regionWord(region * room.regionSize));
    }
  }
}

/** A field of a shared struct. */
export class SharedField implements Field {
  readonly struct: string;
  readonly name: string;
  readonly position: number;
  readonly watchers: FieldWatcher[] = [];
  private readonly memory: SharedMemory;
  private readonly room: Room;
  private readonly initial: number;
  private readonly number: (index: number) => number;
  private readonly isWide: boolean;

  constructor(memory: SharedMemory, room: Room, name: string, position: number) {
    this.struct = room.schema.name;
    this.name = name;
    this.position = position;
    this.memory = memory;
    this.room = room;
    this.initial = room.schema.fields[name]?.initial ?? 0;
    this.number = memory.numbers.ofField(room.schema, name);
    this.isWide = isWideField(room.schema, name);
  }

  /** The number of an object's word. */
  wordOf(index: number): number {
    return this.number(index);
  }

  get(index: number): number {
    return this.memory.journal.through(() => this.look(index));
  }

  private look(index: number): number {
    if (this.isRefused(index)) return this.untouched(index);
    const word = this.number(index);
    this.memory.recorder.read(word);
    const value = this.memory.words.get(word);
    return value === UNTOUCHED ? this.untouched(index) : value;
  }

  set(index: number, value: number): void {
    const { journal } = this.memory;
    if (!journal.isReplaying) journal.suspended(() => this.write(index, value));
  }

  private write(index: number, value: number): void {
    if (this.isRefused(index)) return;
    if (!this.isWide && (value | 0) !== value) tooWide(this, value);
    const { recorder, words } = this.memory;
    const word = this.number(index);
    const stored = words.get(word);
    const untouched = recorder.unobserved(() => this.untouched(index));
    const before = stored === UNTOUCHED ? untouched : stored;
    const after = value === untouched ? UNTOUCHED : value;
    if (after === stored) {
      // What is written is there already: all that the step depends on is that it is.
      recorder.read(word);
    } else {
      recorder.write(word);
      if (this.room.regionWord !== undefined) recorder.add(this.room.regionWord(index));
      words.set(word, after);
    }
    for (const watcher of this.watchers) watcher(index, before, value);
  }

  private isRefused(index: number): boolean {
    const { guard } = this.room;
    if (guard === undefined || !guard.refuses(index)) return false;
    guard.refused(index);
    return true;
  }

  private untouched(index: number): number {
    return this.room.untouched === undefined ? this.initial : this.room.untouched(this.name, index);
  }
}

class PrivateField implements Field {
  readonly struct: string;
  readonly name: string;
  readonly position: number;
  private readonly memory: SharedMemory;
  private readonly initial: number;
  private readonly number: (index: number) => number;
  private readonly isWide: boolean;

  constructor(memory: SharedMemory, schema: StructSchema, name: string, position: number) {
    this.struct = schema.name;
    this.name = name;
    this.position = position;
    this.memory = memory;
    this.initial = schema.fields[name]?.initial ?? 0;
    this.number = memory.privateNumbers.ofField(schema, name);
    this.isWide = isWideField(schema, name);
  }

  get(index: number): number {
    return this.memory.journal.through(() => {
      const word = this.number(index % PRIVATE_STRIDE);
      const { privateWords } = this.memory;
      const value = word < privateWords.length ? (privateWords[word] as number) : UNTOUCHED;
      return value === UNTOUCHED ? this.initial : value;
    });
  }

  set(index: number, value: number): void {
    const { memory } = this;
    if (memory.journal.isReplaying) return;
    if (!this.isWide && (value | 0) !== value) tooWide(this, value);
    const word = this.number(index % PRIVATE_STRIDE);
    if (word >= memory.privateWords.length) {
      const larger = new Float64Array(Math.max(word + 1, 2 * memory.privateWords.length)).fill(UNTOUCHED);
      larger.set(memory.privateWords);
      memory.privateWords = larger;
    }
    memory.privateWords[word] = value === this.initial ? UNTOUCHED : value;
  }
}
