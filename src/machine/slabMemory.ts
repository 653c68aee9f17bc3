import {
  declaredStructs,
  type Field,
  type FieldDeclaration,
  type Struct,
  type StructSchema,
  schemaOfStruct,
} from './field.ts';
import type { FieldWatcher, Memory, Untouched } from './memory.ts';

/** Objects of neighbouring index share a chunk, so that sequential access costs one look-up in eight. */
const CHUNK = 8;
const EMPTY = -1;
const REMOVED = -2;

/** Says which objects of a struct do not exist for now. */
export interface Guard {
  /** Whether the object does not exist. Accesses to it read the values of an untouched object, and writes are lost. */
  refuses(index: number): boolean;
  /** Told of each access that was refused. */
  refused(index: number): void;
}

/**
 * Sparse storage of one struct: only touched chunks take memory, found through an open-addressing table.
 * A chunk holds `CHUNK` objects field by field.
 */
class Slab {
  readonly schema: StructSchema;
  readonly declarations: readonly FieldDeclaration[];
  readonly names: readonly string[];
  words: Int32Array | Float64Array;
  untouched: Untouched | undefined;
  guard: Guard | undefined;
  private readonly chunkWords: number;
  private keys: Float64Array;
  private bases: Int32Array;
  private usedSlots = 0;
  private usedWords = 0;
  private free: number[] = [];
  private lastKey = EMPTY;
  private lastBase = 0;
  private lost = EMPTY;

  constructor(schema: StructSchema) {
    this.schema = schema;
    this.names = Object.keys(schema.fields);
    this.declarations = Object.values(schema.fields);
    this.chunkWords = this.names.length * CHUNK;
    const wide = this.declarations.some((declaration) => declaration.wide === true);
    const words = this.chunkWords * 8;
    this.words = wide ? new Float64Array(words) : new Int32Array(words);
    this.keys = new Float64Array(16).fill(EMPTY);
    this.bases = new Int32Array(16);
  }

  /** Where the words of the chunk of `index` begin; makes the chunk when it is new. */
  baseOf(index: number): number {
    const key = (index - (index & (CHUNK - 1))) / CHUNK;
    if (key === this.lastKey) return this.lastBase;
    const slot = this.slotOf(key);
    if (this.keys[slot] !== key && this.guard?.refuses(index) === true) return this.lostBase(index);
    const base = this.keys[slot] === key ? (this.bases[slot] ?? 0) : this.create(key, slot);
    this.lastKey = key;
    this.lastBase = base;
    return base;
  }

  forget(first: number, end: number): void {
    for (const key of this.keysIn(first, end)) {
      const start = key * CHUNK;
      if (this.isNeededOnlyWithin(start, first, end)) {
        this.remove(key);
        continue;
      }
      const base = this.baseOf(start);
      for (let lane = 0; lane < CHUNK; lane++) {
        if (start + lane >= first && start + lane < end) this.fillLane(base, start + lane);
      }
    }
    this.rehash(this.keys.length);
  }

  /** Whether no object of the chunk that begins at `start` may be accessed that lies outside of `[first, end)`. */
  private isNeededOnlyWithin(start: number, first: number, end: number): boolean {
    for (let index = start; index < start + CHUNK; index++) {
      if ((index < first || index >= end) && this.guard?.refuses(index) !== true) return false;
    }
    return true;
  }

  indicesIn(first: number, end: number): number[] {
    const indices: number[] = [];
    for (const key of this.keysIn(first, end)) {
      for (let index = key * CHUNK; index < (key + 1) * CHUNK; index++) {
        if (index >= first && index < end) indices.push(index);
      }
    }
    return indices;
  }

  /** The chunks that overlap a range: by looking each up where that is less work than going through all. */
  private keysIn(first: number, end: number): ArrayLike<number> & Iterable<number> {
    const firstKey = Math.floor(first / CHUNK);
    const endKey = Math.ceil(end / CHUNK);
    if (endKey - firstKey > this.keys.length) {
      return this.keys.filter((key) => key >= firstKey && key < endKey).sort();
    }
    const found: number[] = [];
    for (let key = firstKey; key < endKey; key++) {
      if (this.keys[this.slotOf(key)] === key) found.push(key);
    }
    return found;
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 4294967296) | 0, 0x85ebca6b)) >>> 7;
    for (slot &= mask; ; slot = (slot + 1) & mask) {
      const found = this.keys[slot];
      if (found === key || found === EMPTY) return slot;
    }
  }

  private create(key: number, slot: number): number {
    const base = this.free.pop() ?? this.extend();
    for (let lane = 0; lane < CHUNK; lane++) this.fillLane(base, key * CHUNK + lane);
    this.keys[slot] = key;
    this.bases[slot] = base;
    this.usedSlots++;
    if (this.usedSlots * 2 > this.keys.length) this.rehash(this.keys.length * 2);
    return base;
  }

  /** Words for an access that is refused: they are those of an untouched object, and soon somebody else's. */
  private lostBase(index: number): number {
    this.guard?.refused(index);
    if (this.lost === EMPTY) this.lost = this.extend();
    this.fillLane(this.lost, index);
    return this.lost;
  }

  private extend(): number {
    const base = this.usedWords;
    this.usedWords += this.chunkWords;
    if (this.usedWords > this.words.length) {
      const grown =
        this.words instanceof Float64Array
          ? new Float64Array(this.words.length * 2)
          : new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
    }
    return base;
  }

  private fillLane(base: number, index: number): void {
    const lane = index & (CHUNK - 1);
    for (let position = 0; position < this.names.length; position++) {
      this.words[base + position * CHUNK + lane] =
        this.untouched === undefined
          ? (this.declarations[position]?.initial ?? 0)
          : this.untouched(this.names[position] ?? '', index);
    }
  }

  /** Leaves a hole in the probe sequence: the caller rehashes when it has removed all it wants. */
  private remove(key: number): void {
    const slot = this.slotOf(key);
    this.free.push(this.bases[slot] ?? 0);
    this.keys[slot] = REMOVED;
    this.usedSlots--;
    this.lastKey = EMPTY;
  }

  private rehash(size: number): void {
    const { keys, bases } = this;
    this.keys = new Float64Array(size).fill(EMPTY);
    this.bases = new Int32Array(size);
    keys.forEach((key, old) => {
      if (key === EMPTY || key === REMOVED) return;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.bases[slot] = bases[old] ?? 0;
    });
  }
}

class SlabField implements Field {
  readonly struct: string;
  readonly name: string;
  readonly position: number;
  watcher: FieldWatcher | undefined;
  private readonly slab: Slab;
  private readonly offset: number;

  constructor(slab: Slab, name: string, position: number) {
    this.struct = slab.schema.name;
    this.name = name;
    this.position = position;
    this.slab = slab;
    this.offset = position * CHUNK;
  }

  get(index: number): number {
    const base = this.slab.baseOf(index);
    return this.slab.words[base + this.offset + (index & (CHUNK - 1))] as number;
  }

  set(index: number, value: number): void {
    const at = this.slab.baseOf(index) + this.offset + (index & (CHUNK - 1));
    const before = this.slab.words[at] as number;
    this.slab.words[at] = value;
    if (this.watcher !== undefined) this.watcher(index, before, value);
  }
}

/** A memory that grows with what is touched: the form in which `run` executes large devices. */
export class SlabMemory implements Memory {
  private readonly slabs = new Map<string, Slab>();
  private readonly bound = new Map<string, Record<string, SlabField>>();
  private readonly boundStructs = new Map<object, Readonly<Record<string, Field>>>();

  constructor() {
    for (const schema of declaredStructs()) {
      const slab = new Slab(schema);
      this.slabs.set(schema.name, slab);
      const fields: Record<string, SlabField> = {};
      slab.names.forEach((name, position) => {
        fields[name] = new SlabField(slab, name, position);
      });
      this.bound.set(schema.name, fields);
    }
  }

  of<Index extends number, Names extends string>(struct: Struct<Index, Names>): Struct<Index, Names> {
    return (this.boundStructs.get(struct) ?? this.bind(struct)) as Struct<Index, Names>;
  }

  /** Looks a struct up by its name, once. */
  private bind(struct: object): Readonly<Record<string, Field>> {
    const bound = this.named(schemaOfStruct(struct).name);
    this.boundStructs.set(struct, bound);
    return bound;
  }

  named(struct: string): Readonly<Record<string, Field>> {
    const bound = this.bound.get(struct);
    if (bound === undefined) throw new Error(`no struct ${struct} is declared`);
    return bound;
  }

  forget(struct: object, first: number, end: number): void {
    this.slab(struct).forget(first, end);
  }

  setUntouched(struct: object, untouched: Untouched): void {
    this.slab(struct).untouched = untouched;
  }

  /** Takes memory away from a struct: the guard decides on each access to an object nobody has touched. */
  guard(struct: object, guard: Guard): void {
    this.slab(struct).guard = guard;
  }

  watch(field: Field, watcher: FieldWatcher): void {
    const bound = this.bound.get(field.struct)?.[field.name];
    if (bound === undefined) throw new Error(`no field ${field.struct}.${field.name} is declared`);
    const earlier = bound.watcher;
    bound.watcher =
      earlier === undefined
        ? watcher
        : (index, before, after) => {
            earlier(index, before, after);
            watcher(index, before, after);
          };
  }

  touchedIn(struct: object, first: number, end: number): number[] {
    return this.slab(struct).indicesIn(first, end);
  }

  private slab(struct: object): Slab {
    const slab = this.slabs.get(schemaOfStruct(struct).name);
    if (slab === undefined) throw new Error('the struct was declared after the memory was made');
    return slab;
  }
}
