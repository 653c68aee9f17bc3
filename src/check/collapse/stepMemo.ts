import type { ComponentModel, StepRecord } from './componentModel.ts';

const SMALLEST_TABLE = 1024;
const HIGHEST_LOAD = 0.65;
const BLOCK_SHIFT = 12;
const BLOCK_MASK: number = 2 ** BLOCK_SHIFT - 1;

/** Words of an entry: what it is found by, then what the step left. */
const OWN = 0;
const SHARED = 1;
const OUTCOME = 2;
const NEXT_OWN = 3;
const NEXT_SHARED = 4;
const FOOTPRINT = 5;
const ENTRY_WORDS = 6;

/**
 * The steps taken so far by the threads of one kind. Each is executed once, however many states it is taken in;
 * after that it is an entry. Entries are numbered from 0 in the order in which they were made.
 */
export class StepMemo {
  private readonly model: ComponentModel;
  /** Some thread of the kind; which of them executes does not matter. */
  private readonly thread: number;
  private readonly blocks: Int32Array[] = [];
  private places: Int32Array = new Int32Array(SMALLEST_TABLE);
  private count = 0;
  private readonly record: StepRecord = { shared: 0, own: 0, footprint: 0 };

  constructor(model: ComponentModel, thread: number) {
    this.model = model;
    this.thread = thread;
  }

  /** Number of entries: steps that were executed. */
  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.places.byteLength + this.blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  /** The entry of the step that a thread with these own words takes from these shared words. */
  entry(own: number, shared: number): number {
    const mask = this.places.length - 1;
    let place = hashPair(own, shared) & mask;
    for (;;) {
      const occupant = this.places[place] as number;
      if (occupant === 0) return this.execute(own, shared, place);
      const block = this.blocks[(occupant - 1) >>> BLOCK_SHIFT] as Int32Array;
      const base = ((occupant - 1) & BLOCK_MASK) * ENTRY_WORDS;
      if (block[base + OWN] === own && block[base + SHARED] === shared) return occupant - 1;
      place = (place + 1) & mask;
    }
  }

  own(entry: number): number {
    return this.word(entry, OWN);
  }

  /** `NOT_ENABLED`, `STEPPED`, or a failure's number. */
  outcome(entry: number): number {
    return this.word(entry, OUTCOME);
  }

  nextOwn(entry: number): number {
    return this.word(entry, NEXT_OWN);
  }

  nextShared(entry: number): number {
    return this.word(entry, NEXT_SHARED);
  }

  footprint(entry: number): number {
    return this.word(entry, FOOTPRINT);
  }

  private word(entry: number, position: number): number {
    const block = this.blocks[entry >>> BLOCK_SHIFT] as Int32Array;
    return block[(entry & BLOCK_MASK) * ENTRY_WORDS + position] as number;
  }

  private execute(own: number, shared: number, place: number): number {
    const { record } = this;
    const outcome = this.model.step(this.thread, own, shared, record);
    const entry = this.count++;
    if ((entry & BLOCK_MASK) === 0) this.blocks.push(new Int32Array((BLOCK_MASK + 1) * ENTRY_WORDS));
    const block = this.blocks[entry >>> BLOCK_SHIFT] as Int32Array;
    const base = (entry & BLOCK_MASK) * ENTRY_WORDS;
    block[base + OWN] = own;
    block[base + SHARED] = shared;
    block[base + OUTCOME] = outcome;
    block[base + NEXT_OWN] = record.own;
    block[base + NEXT_SHARED] = record.shared;
    block[base + FOOTPRINT] = record.footprint;
    this.places[place] = entry + 1;
    if (this.count > this.places.length * HIGHEST_LOAD) this.grow();
    return entry;
  }

  private grow(): void {
    const places = new Int32Array(this.places.length * 2);
    const mask = places.length - 1;
    for (let entry = 0; entry < this.count; entry++) {
      let place = hashPair(this.word(entry, OWN), this.word(entry, SHARED)) & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = entry + 1;
    }
    this.places = places;
  }
}

function hashPair(own: number, shared: number): number {
  let hash = Math.imul(own, 0x5bd1e995) ^ Math.imul(shared, 0x27d4eb2f);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
