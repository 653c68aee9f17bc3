import type { Unit } from './layout.ts';
import { CHANGED_AT, CHANGED_BY, type UnitWords } from './unitWords.ts';

const FIRST_CAPACITY = 16;

/**
 * Which folios' counts one operation of one thread changed, and by how much. An operation may change millions, so it is
 * columns of numbers that are used again for the thread's next operation.
 */
export class ChangeLog {
  private readonly words: UnitWords;
  private operation = 0;
  private used = 0;
  private units = new Float64Array(FIRST_CAPACITY);
  private refcounts = new Int32Array(FIRST_CAPACITY);
  private mapcounts = new Int32Array(FIRST_CAPACITY);
  private others = new Int32Array(FIRST_CAPACITY);

  constructor(words: UnitWords) {
    this.words = words;
  }

  /** Starts over for another operation, by its serial number (from 1, unique in the run). */
  begin(operation: number): void {
    this.operation = operation;
    this.used = 0;
  }

  addRefcount(unit: Unit, difference: number): void {
    const at = this.placeOf(unit);
    this.refcounts[at] = (this.refcounts[at] ?? 0) + difference;
  }

  addMapcount(unit: Unit, difference: number): void {
    const at = this.placeOf(unit);
    this.mapcounts[at] = (this.mapcounts[at] ?? 0) + difference;
  }

  /** A pincount or an order. */
  addOther(unit: Unit, difference: number): void {
    const at = this.placeOf(unit);
    this.others[at] = (this.others[at] ?? 0) + difference;
  }

  /**
   * Units whose counts are not what they were, in ascending order. `overlapped`: another operation was under way
   * meanwhile, so that a unit may stand in several places.
   */
  changedUnits(overlapped: boolean): Float64Array {
    if (overlapped) this.merge();
    const changed = new Float64Array(this.used);
    let count = 0;
    for (let at = 0; at < this.used; at++) {
      if (this.refcounts[at] !== 0 || this.mapcounts[at] !== 0 || this.others[at] !== 0) {
        changed[count++] = this.units[at] ?? 0;
      }
    }
    return changed.subarray(0, count).sort();
  }

  /** Adds all differences of a unit up in its first place. */
  private merge(): void {
    const firstPlaces = new Map<Unit, number>();
    for (let at = 0; at < this.used; at++) {
      const unit = this.units[at] ?? 0;
      const first = firstPlaces.get(unit);
      if (first === undefined) {
        firstPlaces.set(unit, at);
        continue;
      }
      for (const column of [this.refcounts, this.mapcounts, this.others]) {
        column[first] = (column[first] ?? 0) + (column[at] ?? 0);
        column[at] = 0;
      }
    }
  }

  /**
   * Where a unit's differences stand. Another thread's operation may have taken the unit's mark over meanwhile; the
   * unit then gets a second place.
   */
  private placeOf(unit: Unit): number {
    if (this.words.get(unit, CHANGED_BY) === this.operation) return this.words.get(unit, CHANGED_AT);
    const at = this.used++;
    if (at === this.units.length) this.grow();
    this.units[at] = unit;
    this.refcounts[at] = 0;
    this.mapcounts[at] = 0;
    this.others[at] = 0;
    this.words.set(unit, CHANGED_BY, this.operation);
    this.words.set(unit, CHANGED_AT, at);
    return at;
  }

  private grow(): void {
    const capacity = this.units.length * 2;
    const units = new Float64Array(capacity);
    units.set(this.units);
    this.units = units;
    this.refcounts = grown(this.refcounts, capacity);
    this.mapcounts = grown(this.mapcounts, capacity);
    this.others = grown(this.others, capacity);
  }
}

function grown(words: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(words);
  return larger;
}
