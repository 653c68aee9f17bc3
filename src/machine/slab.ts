import type { StructSchema } from './field.ts';
import type { Guard, Untouched } from './memory.ts';

/** Objects of neighbouring index share a chunk, so that a page of a device costs no look-up of its own. */
const CHUNK = 8;
/** The lane of an object within its chunk. */
export const LANE_MASK: number = CHUNK - 1;
/** Chunks that a slab has room for from the beginning. */
const FIRST_CHUNKS = 8;
/** Chunks of one leaf of the directory. */
const LEAF = 4096;
/** Objects of one leaf. */
const LEAF_OBJECTS: number = LEAF * CHUNK;
const ABSENT = -1;

/** The fields of one width, of all chunks of a slab: a wide field of a struct does not make the others wide. */
export class SlabWords {
  values: Int32Array | Float64Array;
  /** Words of one chunk. */
  readonly chunkWords: number;

  constructor(fields: number, isWide: boolean) {
    this.chunkWords = fields * CHUNK;
    const words = this.chunkWords * FIRST_CHUNKS;
    this.values = isWide ? new Float64Array(words) : new Int32Array(words);
  }

  /** Makes room for that many chunks. */
  reach(chunks: number): void {
    const { values } = this;
    if (chunks * this.chunkWords <= values.length) return;
    const size = values.length * 2;
    this.values = values instanceof Float64Array ? new Float64Array(size) : new Int32Array(size);
    this.values.set(values);
  }
}

/** Where the words of a field stand: in chunk `chunk`, that of lane `lane` at `chunk * chunkWords + offset + lane`. */
export interface FieldPlace {
  readonly words: SlabWords;
  readonly offset: number;
}

/**
 * Sparse storage of one struct: only touched chunks take memory, found through a directory of two levels. A chunk
 * holds `CHUNK` objects, each in a lane of its own, field by field.
 */
export class Slab {
  readonly schema: StructSchema;
  /** By position of the field. */
  readonly places: readonly FieldPlace[];
  untouched: Untouched | undefined;
  guard: Guard | undefined;
  private readonly names: readonly string[];
  private readonly initial: readonly number[];
  private readonly widths: readonly SlabWords[];
  /** For each leaf number: the numbers of its chunks in storage, or `ABSENT`. */
  private readonly leaves = new Map<number, Int32Array>();
  private lastKey = ABSENT;
  private lastChunk = 0;
  private lastLeafNumber = ABSENT;
  private lastLeaf: Int32Array = new Int32Array(0);
  private usedChunks = 0;
  private readonly free: number[] = [];
  private lost = ABSENT;

  constructor(schema: StructSchema) {
    this.schema = schema;
    this.names = Object.keys(schema.fields);
    const declarations = Object.values(schema.fields);
    this.initial = declarations.map(({ initial }) => initial ?? 0);
    const wideFields = declarations.filter(({ wide }) => wide === true).length;
    const narrow = new SlabWords(declarations.length - wideFields, false);
    const wide = new SlabWords(wideFields, true);
    this.widths = [narrow, wide];
    const offsets = new Map([narrow, wide].map((words) => [words, 0]));
    this.places = declarations.map((declaration) => {
      const words = declaration.wide === true ? wide : narrow;
      const offset = offsets.get(words) as number;
      offsets.set(words, offset + CHUNK);
      return { words, offset };
    });
  }

  /** The number in storage of the chunk of `index`; makes the chunk when it is new. */
  chunkOf(index: number): number {
    const key = index >>> 3;
    if (key === this.lastKey && index <= 0x7fffffff) return this.lastChunk;
    const number = index <= 0x7fffffff ? index >>> 15 : Math.floor(index / LEAF_OBJECTS);
    const leaf = number === this.lastLeafNumber ? this.lastLeaf : this.leafOf(number);
    const chunk = leaf[(index & (LEAF_OBJECTS - 1)) >>> 3] as number;
    if (chunk === ABSENT) return this.create(index, leaf);
    this.lastKey = index <= 0x7fffffff ? key : ABSENT;
    this.lastChunk = chunk;
    return chunk;
  }

  /** Makes objects `[first, end)` untouched again. */
  forget(first: number, end: number): void {
    for (const start of this.chunksIn(first, end)) {
      if (this.isNeededOnlyWithin(start, first, end)) {
        this.remove(start);
        continue;
      }
      const chunk = this.chunkOf(start);
      for (let index = Math.max(start, first); index < Math.min(start + CHUNK, end); index++) {
        this.fill(chunk, index);
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
    if (this.guard?.refuses(index) === true) return this.lostChunk(index);
    const chunk = this.free.pop() ?? this.extend();
    const start = index - (index & LANE_MASK);
    for (let lane = 0; lane < CHUNK; lane++) this.fill(chunk, start + lane);
    leaf[(index & (LEAF_OBJECTS - 1)) >>> 3] = chunk;
    return chunk;
  }

  /** Words for an access that is refused: they are those of an untouched object, and soon somebody else's. */
  private lostChunk(index: number): number {
    this.guard?.refused(index);
    if (this.lost === ABSENT) this.lost = this.extend();
    this.fill(this.lost, index);
    return this.lost;
  }

  private extend(): number {
    const chunk = this.usedChunks++;
    for (const words of this.widths) words.reach(this.usedChunks);
    return chunk;
  }

  private fill(chunk: number, index: number): void {
    const { initial, names, places, untouched } = this;
    const lane = index & LANE_MASK;
    for (let position = 0; position < initial.length; position++) {
      const { words, offset } = places[position] as FieldPlace;
      words.values[chunk * words.chunkWords + offset + lane] =
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
