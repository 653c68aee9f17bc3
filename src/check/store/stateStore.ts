import type { State } from '../model.ts';
import { hashWords } from './hash.ts';

/** `StateSet.add` answers so when the state is new and a bound keeps it out. */
export const FULL: number = -(2 ** 31);

/** `StateSet.find` answers so when the state is not stored. */
export const ABSENT: number = -1;

/** A block of states is allocated at once: large enough to make growth rare, small enough to waste little. */
const BLOCK_SHIFT = 14;
const BLOCK_STATES: number = 2 ** BLOCK_SHIFT;
const BLOCK_MASK: number = BLOCK_STATES - 1;

const SMALLEST_TABLE = 1024;

/** The table doubles when more than this share of it is taken: linear probing degrades quickly above. */
const HIGHEST_LOAD = 0.65;

export interface StoreBounds {
  /** Most states to keep. */
  readonly states: number;
  /** Most bytes to keep them in, the table included. */
  readonly bytes: number;
}

export const UNBOUNDED: StoreBounds = { states: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** The states that a search has met, numbered from 0 in the order in which they were added. */
export interface StateSet {
  /** Number of states. */
  readonly size: number;
  /** Bytes taken, tables included. */
  readonly bytes: number;
  /** Bytes that others take out of the bound. */
  reserved: number;
  /** Copies state `number` into `state`. */
  read(number: number, state: State): void;
  /** Adds a state. Answers its number if it is new, `~number` if it was there already, `FULL` if a bound is hit. */
  add(state: State): number;
  /** The number of a state, or `ABSENT`. */
  find(state: State): number;
}

/**
 * The states met so far, exactly: two states are taken for one only if all their words agree.
 * The words lie in blocks that are never moved; an open-addressing table of state numbers finds them. Growing
 * the table rebuilds it from the blocks, so that the old and the new one never exist together.
 */
export class StateStore implements StateSet {
  reserved = 0;
  private width: number;
  private readonly bounds: StoreBounds;
  private readonly blocks: Int32Array[] = [];
  /**
   * State number plus 1, which the lowest bits have room for; the others are those of the state's hash, so that hardly
   * a state is looked at that is not the one looked for. 0 is a free place.
   */
  private table: Int32Array = new Int32Array(SMALLEST_TABLE);
  private count = 0;
  /** States that fit before the table must grow. */
  private comfortable: number = Math.floor(SMALLEST_TABLE * HIGHEST_LOAD);

  constructor(width: number, bounds: StoreBounds = UNBOUNDED) {
    this.width = width;
    this.bounds = bounds;
  }

  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.table.byteLength + this.blocks.length * this.blockBytes();
  }

  read(number: number, state: State): void {
    const block = this.blocks[number >>> BLOCK_SHIFT] as Int32Array;
    const base = (number & BLOCK_MASK) * this.width;
    for (let position = 0; position < this.width; position++) {
      state[position] = block[base + position] as number;
    }
  }

  add(state: State): number {
    const hash = hashWords(state, this.width);
    const place = this.placeOf(state, hash);
    const occupant = (this.table[place] as number) & (this.table.length - 1);
    if (occupant !== 0) return -occupant;
    const number = this.count;
    if (number >= this.bounds.states) return FULL;
    if ((number & BLOCK_MASK) === 0 && !this.allocateBlock()) return FULL;
    if (number < this.comfortable) this.table[place] = this.entry(hash, number);
    else if (this.growTable()) this.table[this.placeOf(state, hash)] = this.entry(hash, number);
    else return FULL;
    const block = this.blocks[number >>> BLOCK_SHIFT] as Int32Array;
    const base = (number & BLOCK_MASK) * this.width;
    for (let position = 0; position < this.width; position++) {
      block[base + position] = state[position] as number;
    }
    this.count = number + 1;
    return number;
  }

  find(state: State): number {
    const place = this.placeOf(state, hashWords(state, this.width));
    return ((this.table[place] as number) & (this.table.length - 1)) - 1;
  }

  /**
   * Replaces every state by `convert` of it, in `width` words; equal states must stay equal and others differ.
   * Block by block, so that only one block exists twice. Answers false, having done nothing, if a bound is hit.
   */
  rewrite(width: number, convert: (from: State, to: State) => void): boolean {
    const grown = this.blocks.length * BLOCK_STATES * (width - this.width) * Int32Array.BYTES_PER_ELEMENT;
    if (this.bytes + grown + this.reserved > this.bounds.bytes) return false;
    const from = new Int32Array(this.width);
    const to = new Int32Array(width);
    this.blocks.forEach((block, index) => {
      const rewritten = new Int32Array(BLOCK_STATES * width);
      const states = Math.min(BLOCK_STATES, this.count - index * BLOCK_STATES);
      for (let within = 0; within < states; within++) {
        from.set(block.subarray(within * this.width, (within + 1) * this.width));
        convert(from, to);
        rewritten.set(to, within * width);
      }
      this.blocks[index] = rewritten;
    });
    this.width = width;
    this.rebuildTable(this.table.length);
    return true;
  }

  /** Where in the table the state is, or would be put. */
  private placeOf(state: State, hash: number): number {
    const { width, table, blocks } = this;
    const mask = table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const occupant = table[place] as number;
      if (occupant === 0) return place;
      if (((occupant ^ hash) & ~mask) !== 0) continue;
      const number = (occupant & mask) - 1;
      const block = blocks[number >>> BLOCK_SHIFT] as Int32Array;
      const base = (number & BLOCK_MASK) * width;
      let position = 0;
      while (position < width && block[base + position] === state[position]) position++;
      if (position === width) return place;
    }
  }

  private entry(hash: number, number: number): number {
    return (hash & ~(this.table.length - 1)) | (number + 1);
  }

  private blockBytes(): number {
    return BLOCK_STATES * this.width * Int32Array.BYTES_PER_ELEMENT;
  }

  private allocateBlock(): boolean {
    if (this.blocks.length * BLOCK_STATES > this.count) return true;
    if (this.bytes + this.blockBytes() + this.reserved > this.bounds.bytes) return false;
    this.blocks.push(new Int32Array(BLOCK_STATES * this.width));
    return true;
  }

  private growTable(): boolean {
    const length = this.table.length * 2;
    if (this.bytes + this.table.byteLength + this.reserved > this.bounds.bytes) return false;
    this.rebuildTable(length);
    return true;
  }

  private rebuildTable(length: number): void {
    this.table = new Int32Array(0);
    const table = new Int32Array(length);
    const mask = length - 1;
    const state = new Int32Array(this.width);
    for (let number = 0; number < this.count; number++) {
      this.read(number, state);
      const hash = hashWords(state, this.width);
      let place = hash & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = (hash & ~mask) | (number + 1);
    }
    this.table = table;
    this.comfortable = Math.floor(length * HIGHEST_LOAD);
  }
}
