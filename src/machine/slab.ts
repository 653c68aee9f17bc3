import type { StructSchema } from './field.ts';
import type { Guard, Untouched } from './memory.ts';

/** Objects of neighbouring index share a chunk, so that a page of a device costs no look-up of its own. */
const CHUNK = 8;
/** Chunks of one leaf of the directory. */
const LEAF = 4096;
/** Objects of one leaf. */
const LEAF_OBJECTS: number = LEAF * CHUNK;
const ABSENT = -1;

/**
 * Sparse storage of one struct: only touched chunks take memory, found through a directory of two levels. A chunk
 * holds `CHUNK` objects field by field; the word of field `position` of object `index` is at
 * `baseOf(index) + position * CHUNK + index % CHUNK`.
 */
export class Slab {
  readonly schema: StructSchema;
  words: Int32Array | Float64Array;
  untouched: Untouched | undefined;
  guard: Guard | undefined;
  private readonly names: readonly string[];
  private readonly initial: readonly number[];
  private readonly chunkWords: number;
  /** For each leaf number: where the words of its chunks begin, or `ABSENT`. */
  private readonly leaves = new Map<number, Int32Array>();
  private lastKey = ABSENT;
  private lastBase = 0;
  private lastLeafNumber = ABSENT;
  private lastLeaf: Int32Array = new Int32Array(0);
  private usedWords = 0;
  private readonly free: number[] = [];
  private lost = ABSENT;

  constructor(schema: StructSchema) {
    this.schema = schema;
    this.names = Object.keys(schema.fields);
    const declarations = Object.values(schema.fields);
    this.initial = declarations.map((declaration) => declaration.initial ?? 0);
    this.chunkWords = this.names.length * CHUNK;
    const words = this.chunkWords * 8;
    this.words = declarations.some((declaration) => declaration.wide === true)
      ? new Float64Array(words)
      : new Int32Array(words);
  }

  /** Where the words of the chunk of `index` begin; makes the chunk when it is new. */
  baseOf(index: number): number {
    const key = index >>> 3;
    if (key === this.lastKey && index <= 0x7fffffff) return this.lastBase;
    const number = index <= 0x7fffffff ? index >>> 15 : Math.floor(index / LEAF_OBJECTS);
    const leaf = number === this.lastLeafNumber ? this.lastLeaf : this.leafOf(number);
    const base = leaf[(index & (LEAF_OBJECTS - 1)) >>> 3] as number;
    if (base === ABSENT) return this.create(index, leaf);
    this.lastKey = index <= 0x7fffffff ? key : ABSENT;
    this.lastBase = base;
    return base;
  }

  /** Makes objects `[first, end)` untouched again. */
  forget(first: number, end: number): void {
    for (const start of this.chunksIn(first, end)) {
      if (this.isNeededOnlyWithin(start, first, end)) {
        this.remove(start);
        continue;
      }
      const base = this.baseOf(start);
      for (let index = Math.max(start, first); index < Math.min(start + CHUNK, end); index++) {
        this.fill(base, index);
      }
    }
    this.dropLeavesWithin(first, end);
  }

  /** The objects in `[first, end)` that may differ from untouched ones, in ascending order. */
  indicesIn(first: number, end: number): number[] {
    const indices: number[] = [];
    for (const start of this.chunksIn(first, end)) {
      for (let index = Math.max(start, first); index < Math.min(start + CHUNK, end); index++) {
        indices.push(index);
      }
    }
    return indices;
  }

  private leafOf(number: number): Int32Array {
    let leaf = this.leaves.get(number);
    if (leaf === undefined) {
      leaf = new Int32Array(LEAF).fill(ABSENT);
      this.leaves.set(number, leaf);
    }
    this.lastLeafNumber = number;
    this.lastLeaf = leaf;
    return leaf;
  }

  /** Lets go of the leaves that lie within a forgotten range, so that looking for chunks there costs nothing. */
  private dropLeavesWithin(first: number, end: number): void {
    for (const number of this.leafNumbersIn(first, end)) {
      if (number * LEAF_OBJECTS >= first && (number + 1) * LEAF_OBJECTS <= end) this.leaves.delete(number);
    }
    this.lastLeafNumber = ABSENT;
    this.lastKey = ABSENT;
  }

  /** First object of each chunk that overlaps `[first, end)`, in ascending order. */
  private chunksIn(first: number, end: number): number[] {
    const starts: number[] = [];
    for (const number of this.leafNumbersIn(first, end)) {
      const leaf = this.leaves.get(number);
      if (leaf === undefined) continue;
      const firstChunk = Math.max(0, Math.floor(first / CHUNK) - number * LEAF);
      const endChunk = Math.min(LEAF, Math.ceil(end / CHUNK) - number * LEAF);
      for (let chunk = firstChunk; chunk < endChunk; chunk++) {
        if (leaf[chunk] !== ABSENT) starts.push((number * LEAF + chunk) * CHUNK);
      }
    }
    return starts;
  }

  /** Leaves that may hold something of `[first, end)`: looks each up where that is less work than going through all. */
  private leafNumbersIn(first: number, end: number): number[] {
    const firstNumber = Math.floor(first / LEAF_OBJECTS);
    const endNumber = Math.ceil(end / LEAF_OBJECTS);
    if (endNumber - firstNumber <= this.leaves.size) {
      return Array.from({ length: endNumber - firstNumber }, (_, offset) => firstNumber + offset);
    }
    return [...this.leaves.keys()]
      .filter((number) => number >= firstNumber && number < endNumber)
      .sort((one, other) => one - other);
  }

  /** Whether no object of the chunk that begins at `start` may be accessed that lies outside of `[first, end)`. */
  private isNeededOnlyWithin(start: number, first: number, end: number): boolean {
    for (let index = start; index < start + CHUNK; index++) {
      if ((index < first || index >= end) && this.guard?.refuses(index) !== true) return false;
    }
    return true;
  }

  private create(index: number, leaf: Int32Array): number {
    if (this.guard?.refuses(index) === true) return this.lostBase(index);
    const base = this.free.pop() ?? this.extend();
    const start = index - (index & (CHUNK - 1));
    for (let lane = 0; lane < CHUNK; lane++) this.fill(base, start + lane);
    leaf[(index & (LEAF_OBJECTS - 1)) >>> 3] = base;
    return base;
  }

  /** Words for an access that is refused: they are those of an untouched object, and soon somebody else's. */
  private lostBase(index: number): number {
    this.guard?.refused(index);
    if (this.lost === ABSENT) this.lost = this.extend();
    this.fill(this.lost, index);
    return this.lost;
  }

  private extend(): number {
    const base = this.usedWords;
    this.usedWords += this.chunkWords;
    if (this.usedWords > this.words.length) {
      const size = this.words.length * 2;
      const grown = this.words instanceof Float64Array ? new Float64Array(size) : new Int32Array(size);
      grown.set(this.words);
      this.words = grown;
    }
    return base;
  }

  private fill(base: number, index: number): void {
    const { initial, names, words, untouched } = this;
    const at = base + (index & (CHUNK - 1));
    for (let position = 0; position < initial.length; position++) {
      words[at + position * CHUNK] =
        untouched === undefined ? (initial[position] as number) : untouched(names[position] as string, index);
    }
  }

  private remove(start: number): void {
    const leaf = this.leafOf(Math.floor(start / LEAF_OBJECTS));
    const chunk = (start & (LEAF_OBJECTS - 1)) >>> 3;
    this.free.push(leaf[chunk] as number);
    leaf[chunk] = ABSENT;
    this.lastKey = ABSENT;
  }
}

/** How far apart the words of one chunk's fields stand. */
export const FIELD_STRIDE: number = CHUNK;
