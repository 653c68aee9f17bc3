import { RecordList } from '../store/recordList.ts';
import type { ComponentModel, StepRecord } from './componentModel.ts';

const SMALLEST_TABLE = 1024;
const HIGHEST_LOAD = 0.65;

/** Integers of a place in the table: the entry's number plus 1, 0 where nothing is; what it is found by. */
const PLACE_WORDS = 3;

/** Integers of an entry. */
const OWN = 0;
const SHARED = 1;
const OUTCOME = 2;
const NEXT_OWN = 3;
const NEXT_SHARED = 4;
const FOOTPRINT = 5;
const STEPS = 6;
const ENTRY_WORDS = 7;

/**
 * The steps taken so far by the threads of one kind. Each is executed once, however many states it is taken in;
 * after that it is an entry. Entries are numbered from 0 in the order in which they were made.
 */
export class StepMemo {
  private readonly model: ComponentModel;
  /** Some thread of the kind; which of them executes does not matter. */
  private readonly thread: number;
  private readonly entries: RecordList = new RecordList(ENTRY_WORDS);
  private places: Int32Array = new Int32Array(SMALLEST_TABLE * PLACE_WORDS);
  private mask: number = SMALLEST_TABLE - 1;
  private readonly record: StepRecord = { shared: 0, own: 0, footprint: 0, steps: 1 };

  constructor(model: ComponentModel, thread: number) {
    this.model = model;
    this.thread = thread;
  }

  /** Number of entries: steps that were executed. */
  get size(): number {
    return this.entries.length;
  }

  get bytes(): number {
    return this.places.byteLength + this.entries.bytes;
  }

  /** The entry of the step that a thread with these own words takes from these shared words. */
  entry(own: number, shared: number): number {
    const { places, mask } = this;
    let place = hashPair(own, shared) & mask;
    for (;;) {
      const base = place * PLACE_WORDS;
      const occupant = places[base] as number;
      if (occupant === 0) return this.execute(own, shared, place);
      if (places[base + 1] === own && places[base + 2] === shared) return occupant - 1;
      place = (place + 1) & mask;
    }
  }

  own(entry: number): number {
    return this.entries.get(entry, OWN);
  }

  /** `NOT_ENABLED`, `STEPPED`, or a failure's number. */
  outcome(entry: number): number {
    return this.entries.get(entry, OUTCOME);
  }

  /** The thread's own words after the step; the same as before if it was none. */
  nextOwn(entry: number): number {
    return this.entries.get(entry, NEXT_OWN);
  }

  nextShared(entry: number): number {
    return this.entries.get(entry, NEXT_SHARED);
  }

  footprint(entry: number): number {
    return this.entries.get(entry, FOOTPRINT);
  }

  /** Steps of the system that the step stands for. */
  steps(entry: number): number {
    return this.entries.get(entry, STEPS);
  }

  private execute(own: number, shared: number, place: number): number {
    const { record, entries } = this;
    record.own = own;
    record.shared = shared;
    record.steps = 1;
    const outcome = this.model.step(this.thread, own, shared, record);
    const entry = entries.append();
    entries.set(entry, OWN, own);
    entries.set(entry, SHARED, shared);
    entries.set(entry, OUTCOME, outcome);
    entries.set(entry, NEXT_OWN, record.own);
    entries.set(entry, NEXT_SHARED, record.shared);
    entries.set(entry, FOOTPRINT, record.footprint);
    entries.set(entry, STEPS, record.steps);
    this.put(place, entry);
    if (entries.length > (this.mask + 1) * HIGHEST_LOAD) this.grow();
    return entry;
  }

  private put(place: number, entry: number): void {
    const base = place * PLACE_WORDS;
    this.places[base] = entry + 1;
    this.places[base + 1] = this.entries.get(entry, OWN);
    this.places[base + 2] = this.entries.get(entry, SHARED);
  }

  private grow(): void {
    this.mask = this.mask * 2 + 1;
    this.places = new Int32Array((this.mask + 1) * PLACE_WORDS);
    for (let entry = 0; entry < this.entries.length; entry++) {
      let place = hashPair(this.entries.get(entry, OWN), this.entries.get(entry, SHARED)) & this.mask;
      while (this.places[place * PLACE_WORDS] !== 0) place = (place + 1) & this.mask;
      this.put(place, entry);
    }
  }
}

function hashPair(own: number, shared: number): number {
  let hash = Math.imul(own, 0x5bd1e995) ^ Math.imul(shared, 0x27d4eb2f);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
