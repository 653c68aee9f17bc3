import { hashPair } from '../store/hash.ts';

const BLOCK_SHIFT = 12;
const BLOCK_PAIRS: number = 2 ** BLOCK_SHIFT;
const BLOCK_MASK: number = BLOCK_PAIRS - 1;
const SMALLEST_TABLE = 1024;
const HIGHEST_LOAD = 0.65;

/** Gives equal pairs of numbers at one height equal numbers, from 0 in the order in which they are met. */
export class PairTable {
  /** Left number, right number, side by side. */
  private readonly blocks: Int32Array[] = [];
  private readonly heights: Uint8Array[] = [];
  /** A pair's number plus 1 in the lowest bits, above it the highest ones of its hash; 0 is a free place. */
  private places: Int32Array = new Int32Array(SMALLEST_TABLE);
  private count = 0;

  /** Number of different pairs. */
  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.places.byteLength + this.blocks.length * BLOCK_PAIRS * (2 * 4 + 1);
  }

  intern(height: number, left: number, right: number): number {
    const { places } = this;
    const mask = places.length - 1;
    const hash = hashAt(height, left, right);
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const occupant = places[place] as number;
      if (occupant === 0) return this.append(height, left, right, place);
      if (((occupant ^ hash) & ~mask) !== 0) continue;
      const pair = (occupant & mask) - 1;
      if (this.left(pair) === left && this.right(pair) === right && this.heightOf(pair) === height)
        return pair;
    }
  }

  left(pair: number): number {
    return (this.blocks[pair >>> BLOCK_SHIFT] as Int32Array)[(pair & BLOCK_MASK) * 2] as number;
  }

  right(pair: number): number {
    return (this.blocks[pair >>> BLOCK_SHIFT] as Int32Array)[(pair & BLOCK_MASK) * 2 + 1] as number;
  }

  heightOf(pair: number): number {
    return (this.heights[pair >>> BLOCK_SHIFT] as Uint8Array)[pair & BLOCK_MASK] as number;
  }

  private append(height: number, left: number, right: number, place: number): number {
    if ((this.count & BLOCK_MASK) === 0) {
      this.blocks.push(new Int32Array(BLOCK_PAIRS * 2));
      this.heights.push(new Uint8Array(BLOCK_PAIRS));
    }
    const pair = this.count++;
    const block = this.blocks[pair >>> BLOCK_SHIFT] as Int32Array;
    block[(pair & BLOCK_MASK) * 2] = left;
    block[(pair & BLOCK_MASK) * 2 + 1] = right;
    (this.heights[pair >>> BLOCK_SHIFT] as Uint8Array)[pair & BLOCK_MASK] = height;
    this.places[place] = (hashAt(height, left, right) & ~(this.places.length - 1)) | (pair + 1);
    if (this.count > this.places.length * HIGHEST_LOAD) this.grow();
    return pair;
  }

  private grow(): void {
    const places = new Int32Array(this.places.length * 2);
    const mask = places.length - 1;
    for (let pair = 0; pair < this.count; pair++) {
      const hash = hashAt(this.heightOf(pair), this.left(pair), this.right(pair));
      let place = hash & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = (hash & ~mask) | (pair + 1);
    }
    this.places = places;
  }
}

function hashAt(height: number, left: number, right: number): number {
  return hashPair(left, right ^ (height << 24));
}
