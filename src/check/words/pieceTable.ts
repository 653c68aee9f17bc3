const BLOCK_SHIFT = 12;
const BLOCK_PIECES: number = 2 ** BLOCK_SHIFT;
const BLOCK_MASK: number = BLOCK_PIECES - 1;
const SMALLEST_TABLE = 256;
const HIGHEST_LOAD = 0.65;

/** Words of one piece, as a power of two. Small, so that a step that writes a few words changes few pieces. */
export const PIECE_SHIFT = 3;
export const PIECE_WORDS: number = 2 ** PIECE_SHIFT;
const PIECE_MASK: number = PIECE_WORDS - 1;

/** Gives equal pieces of `PIECE_WORDS` words equal numbers, from 0 in the order in which they are met. */
export class PieceTable {
  private readonly blocks: Float64Array[] = [];
  private places: Int32Array = new Int32Array(SMALLEST_TABLE);
  private count = 0;
  /** The piece that is looked for; `intern` numbers what stands here. */
  readonly piece: Float64Array = new Float64Array(PIECE_WORDS);
  private readonly bits: Int32Array = new Int32Array(this.piece.buffer);

  get bytes(): number {
    return this.places.byteLength + this.blocks.length * BLOCK_PIECES * PIECE_WORDS * 8;
  }

  /** The number of `piece`. */
  intern(): number {
    const mask = this.places.length - 1;
    let place = this.hash() & mask;
    for (;;) {
      const occupant = this.places[place] as number;
      if (occupant === 0) return this.append(place);
      if (this.equals(occupant - 1)) return occupant - 1;
      place = (place + 1) & mask;
    }
  }

  /** One word of a piece; `word` may be any whose lowest bits name it. */
  at(number: number, word: number): number {
    const block = this.blocks[number >>> BLOCK_SHIFT] as Float64Array;
    return block[((number & BLOCK_MASK) << PIECE_SHIFT) + (word & PIECE_MASK)] as number;
  }

  /** Copies a piece to `into` from position `start` on. */
  read(number: number, into: Float64Array, start: number): void {
    const block = this.blocks[number >>> BLOCK_SHIFT] as Float64Array;
    const base = (number & BLOCK_MASK) << PIECE_SHIFT;
    for (let word = 0; word < PIECE_WORDS; word++) into[start + word] = block[base + word] as number;
  }

  private equals(number: number): boolean {
    const block = this.blocks[number >>> BLOCK_SHIFT] as Float64Array;
    const base = (number & BLOCK_MASK) << PIECE_SHIFT;
    for (let word = 0; word < PIECE_WORDS; word++) {
      if (block[base + word] !== this.piece[word]) return false;
    }
    return true;
  }

  private append(place: number): number {
    if ((this.count & BLOCK_MASK) === 0) this.blocks.push(new Float64Array(BLOCK_PIECES * PIECE_WORDS));
    const number = this.count++;
    const block = this.blocks[number >>> BLOCK_SHIFT] as Float64Array;
    block.set(this.piece, (number & BLOCK_MASK) << PIECE_SHIFT);
    this.places[place] = number + 1;
    if (this.count > this.places.length * HIGHEST_LOAD) this.grow();
    return number;
  }

  private grow(): void {
    const wanted = this.piece.slice();
    const places = new Int32Array(this.places.length * 2);
    const mask = places.length - 1;
    for (let number = 0; number < this.count; number++) {
      this.read(number, this.piece, 0);
      let place = this.hash() & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = number + 1;
    }
    this.places = places;
    this.piece.set(wanted);
  }

  /** Of the words' bits: 0 and -0 are equal but hash apart, so no word may be -0. */
  private hash(): number {
    const { bits } = this;
    let hash = 0x2545f491;
    for (let position = 0; position < bits.length; position++) {
      hash = Math.imul(hash ^ (bits[position] as number), 0x5bd1e995);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x27d4eb2f);
    return hash ^ (hash >>> 13);
  }
}
