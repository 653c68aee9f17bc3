import type { Unit } from './layout.ts';

/*
 * What the observer keeps of each unit. Integers in sparse chunks: a run touches millions of pages, and an object
 * a page would cost more than the page's fault.
 */

/** Entries of page tables that map any part of it. */
export const ENTRIES = 0;
/** TLB entries that translate to any part of it. */
export const TRANSLATIONS = 1;
/** References held through FOLL_GET. */
export const GETS = 2;
/** References held through FOLL_PIN. */
export const PINS = 3;
/** Who changed it last, and who before. */
export const LAST_ACTOR = 4;
export const PREVIOUS_ACTOR = 5;
/** 1 while it waits to be judged at the next quiescent point. */
export const UNSETTLED = 6;
/** `SPARED` once what happens to it is not judged any more; below that, one bit for each property that it was reported for. */
export const JUDGED = 7;
/** The operation whose changes hold it, and its place there. */
export const CHANGED_BY = 8;
export const CHANGED_AT = 9;

/** More than the bits of all properties come to. */
export const SPARED = 0x40000000;

const WORDS = 10;
const CHUNK_UNITS = 64;

/** Sparse storage of those words; all start as 0. */
export class UnitWords {
  private readonly chunks = new Map<number, Int32Array>();
  private lastKey = -1;
  private last: Int32Array = new Int32Array(0);

  get(unit: Unit, word: number): number {
    return this.chunkOf(unit)[(unit % CHUNK_UNITS) * WORDS + word] as number;
  }

  set(unit: Unit, word: number, value: number): void {
    this.chunkOf(unit)[(unit % CHUNK_UNITS) * WORDS + word] = value;
  }

  /** Adds and returns the new value. */
  add(unit: Unit, word: number, count: number): number {
    const chunk = this.chunkOf(unit);
    const at = (unit % CHUNK_UNITS) * WORDS + word;
    const value = (chunk[at] as number) + count;
    chunk[at] = value;
    return value;
  }

  /** All units of `[first, end)` whose word is not 0, in ascending order. */
  *unitsWith(word: number, first: Unit, end: Unit): Generator<Unit> {
    for (const key of this.keysIn(first, end)) {
      const chunk = this.chunks.get(key);
      if (chunk === undefined) continue;
      const base = key * CHUNK_UNITS;
      const last = Math.min(base + CHUNK_UNITS, end);
      for (let unit = Math.max(base, first); unit < last; unit++) {
        if (chunk[(unit - base) * WORDS + word] !== 0) yield unit;
      }
    }
  }

  /** What the word comes to in all units of `[first, end)`. */
  sum(word: number, first: Unit, end: Unit): number {
    let sum = 0;
    for (const unit of this.unitsWith(word, first, end)) sum += this.get(unit, word);
    return sum;
  }

  /** Keys of the chunks that may hold something of `[first, end)`: goes through all where that is less work. */
  private keysIn(first: Unit, end: Unit): readonly number[] {
    const firstKey = Math.floor(first / CHUNK_UNITS);
    const endKey = Math.ceil(end / CHUNK_UNITS);
    if (endKey - firstKey <= this.chunks.size) {
      return Array.from({ length: endKey - firstKey }, (_, offset) => firstKey + offset);
    }
    return [...this.chunks.keys()]
      .filter((key) => key >= firstKey && key < endKey)
      .sort((left, right) => left - right);
  }

  private chunkOf(unit: Unit): Int32Array {
    const key = Math.floor(unit / CHUNK_UNITS);
    if (key === this.lastKey) return this.last;
    let chunk = this.chunks.get(key);
    if (chunk === undefined) {
      chunk = new Int32Array(CHUNK_UNITS * WORDS);
      this.chunks.set(key, chunk);
    }
    this.lastKey = key;
    this.last = chunk;
    return chunk;
  }
}
