import { doubled } from '../store/doubled.ts';

const BLOCK_WORDS: number = 2 ** 13;
const SMALLEST_TABLE = 256;
const HIGHEST_LOAD = 0.65;
const HIGH_WORD: number = 2 ** 32;

/**
 * Gives equal lists of integers equal numbers and different ones different numbers, from 0 in the order in which
 * they are met. Compares whole lists. Integers may be as large as JavaScript's safe ones.
 */
export class InternTable {
  private readonly blocks: Float64Array[] = [];
  private usedInBlock = BLOCK_WORDS;
  private starts: Int32Array = new Int32Array(SMALLEST_TABLE);
  private lengths: Int32Array = new Int32Array(SMALLEST_TABLE);
  private places: Int32Array = new Int32Array(SMALLEST_TABLE);
  private count = 0;

  /** Number of different lists. */
  get size(): number {
    return this.count;
  }

  get bytes(): number {
    const table = this.places.byteLength + this.starts.byteLength + this.lengths.byteLength;
    return table + this.blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  /** The number of the list that is the first `length` words of `words`. */
  intern(words: Float64Array, length: number = words.length): number {
    const mask = this.places.length - 1;
    let place = hashIntegers(words, 0, length) & mask;
    for (;;) {
      const occupant = this.places[place] as number;
      if (occupant === 0) return this.append(words, length, place);
      if (this.equals(occupant - 1, words, length)) return occupant - 1;
      place = (place + 1) & mask;
    }
  }

  lengthOf(number: number): number {
    return this.lengths[number] as number;
  }

  /** Copies a list to the beginning of `into`; answers its length. */
  read(number: number, into: Float64Array): number {
    const length = this.lengths[number] as number;
    const start = this.starts[number] as number;
    const block = this.blockOf(start);
    const base = start % BLOCK_WORDS;
    for (let position = 0; position < length; position++) into[position] = block[base + position] as number;
    return length;
  }

  /** One integer of a list. */
  at(number: number, position: number): number {
    const start = this.starts[number] as number;
    return this.blockOf(start)[(start % BLOCK_WORDS) + position] as number;
  }

  private blockOf(start: number): Float64Array {
    return this.blocks[Math.floor(start / BLOCK_WORDS)] as Float64Array;
  }

  private equals(number: number, words: Float64Array, length: number): boolean {
    if (this.lengths[number] !== length) return false;
    const start = this.starts[number] as number;
    const block = this.blockOf(start);
    const base = start % BLOCK_WORDS;
    for (let position = 0; position < length; position++) {
      if (block[base + position] !== words[position]) return false;
    }
    return true;
  }

  private append(words: Float64Array, length: number, place: number): number {
    if (length > BLOCK_WORDS) throw new Error(`a list of ${length} words is too long to be numbered`);
    if (this.blocks.length === 0 || this.usedInBlock + length > BLOCK_WORDS) {
      this.blocks.push(new Float64Array(BLOCK_WORDS));
      this.usedInBlock = 0;
    }
    const number = this.count++;
    if (number === this.starts.length) {
      this.starts = doubled(this.starts);
      this.lengths = doubled(this.lengths);
    }
    this.starts[number] = (this.blocks.length - 1) * BLOCK_WORDS + this.usedInBlock;
    this.lengths[number] = length;
    (this.blocks[this.blocks.length - 1] as Float64Array).set(words.subarray(0, length), this.usedInBlock);
    this.usedInBlock += length;
    this.places[place] = number + 1;
    if (this.count > this.places.length * HIGHEST_LOAD) this.grow();
    return number;
  }

  private grow(): void {
    const places = new Int32Array(this.places.length * 2);
    const mask = places.length - 1;
    for (let number = 0; number < this.count; number++) {
      const start = this.starts[number] as number;
      const base = start % BLOCK_WORDS;
      let place = hashIntegers(this.blockOf(start), base, base + (this.lengths[number] as number)) & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = number + 1;
    }
    this.places = places;
  }
}

function hashIntegers(words: Float64Array, start: number, end: number): number {
  let hash = 0x2545f491;
  for (let position = start; position < end; position++) {
    const word = words[position] as number;
    hash = Math.imul(hash ^ (word | 0), 0x5bd1e995);
    hash ^= hash >>> 15;
    const high = Math.floor(word / HIGH_WORD) | 0;
    if (high > 0) hash = Math.imul(hash ^ high, 0x27d4eb2f);
  }
  hash = Math.imul(hash, 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}
