import { type Access, ADD, kindOf, READ, wordOf } from '../collapse/access.ts';

/**
 * Sets of accesses to a few chosen words, as bits: one run of integers for reads, one for changes, one for
 * additions. All sets of one `AccessMasks` are equally long.
 */
export class AccessMasks {
  /** Integers of one set. */
  readonly length: number;
  private readonly run: number;
  private readonly bits: ReadonlyMap<number, number>;

  /** `words`: the words that the sets know; accesses to others are left out. */
  constructor(words: readonly number[]) {
    this.bits = new Map(words.map((word, bit) => [word, bit]));
    this.run = Math.max(1, Math.ceil(words.length / 32));
    this.length = 3 * this.run;
  }

  knows(word: number): boolean {
    return this.bits.has(word);
  }

  /** Adds an access to the set at `base` of `sets`. */
  add(sets: Int32Array, base: number, access: Access): void {
    const bit = this.bits.get(wordOf(access));
    if (bit === undefined) return;
    const kind = kindOf(access);
    const sort = kind === READ ? 0 : kind === ADD ? 2 : 1;
    const position = base + sort * this.run + (bit >>> 5);
    sets[position] = (sets[position] as number) | (1 << (bit & 31));
  }

  /** Adds one set to another; answers whether that changed it. */
  join(sets: Int32Array, base: number, from: Int32Array, fromBase: number): boolean {
    let changed = false;
    for (let position = 0; position < this.length; position++) {
      const before = sets[base + position] as number;
      const after = before | (from[fromBase + position] as number);
      if (after === before) continue;
      sets[base + position] = after;
      changed = true;
    }
    return changed;
  }

  /** Whether an access of the one set and one of the other do not commute. */
  conflict(left: Int32Array, leftBase: number, right: Int32Array, rightBase: number): boolean {
    const { run } = this;
    for (let position = 0; position < run; position++) {
      const leftReads = left[leftBase + position] as number;
      const leftChanges = left[leftBase + run + position] as number;
      const leftAdds = left[leftBase + 2 * run + position] as number;
      const rightReads = right[rightBase + position] as number;
      const rightChanges = right[rightBase + run + position] as number;
      const rightAdds = right[rightBase + 2 * run + position] as number;
      const all = rightReads | rightChanges | rightAdds;
      if ((leftChanges & all) !== 0) return true;
      if ((leftReads & (rightChanges | rightAdds)) !== 0) return true;
      if ((leftAdds & (rightReads | rightChanges)) !== 0) return true;
    }
    return false;
  }
}
