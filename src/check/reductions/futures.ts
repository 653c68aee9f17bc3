import type { ComponentModel } from '../collapse/componentModel.ts';
import type { StepTable } from '../collapse/stepTable.ts';
import type { AccessMasks } from './accessMasks.ts';

/**
 * For each number of a thread's own words, what the thread may still do to the chosen words before it ends, as far
 * as its steps are known. What is not known yet is taken for nothing; who relies on that says so, and learns from
 * `held` whether it was right.
 */
export class Futures {
  private readonly components: ComponentModel;
  private readonly table: StepTable;
  private readonly masks: AccessMasks;
  private readonly known: Int32Array;
  /** By own number: accesses that somebody relied on to meet no conflict. */
  private reliedOn: Int32Array;

  constructor(components: ComponentModel, table: StepTable, masks: AccessMasks) {
    this.components = components;
    this.table = table;
    this.masks = masks;
    this.known = this.compute();
    this.reliedOn = new Int32Array(this.known.length);
  }

  get bytes(): number {
    return this.known.byteLength + this.reliedOn.byteLength;
  }

  /** Whether the future of a thread with these own words conflicts with a set of accesses. */
  conflictsWith(own: number, accesses: Int32Array): boolean {
    const base = own * this.masks.length;
    return base < this.known.length && this.masks.conflict(accesses, 0, this.known, base);
  }

  relyOnNoConflict(own: number, accesses: Int32Array): void {
    const base = own * this.masks.length;
    if (base + this.masks.length > this.reliedOn.length) {
      const larger = new Int32Array(Math.max(2 * this.reliedOn.length, base + 64 * this.masks.length));
      larger.set(this.reliedOn);
      this.reliedOn = larger;
    }
    this.masks.join(this.reliedOn, base, accesses, 0);
  }

  /** Whether all that was relied on agrees with the steps that are known now. */
  held(): boolean {
    const now = this.compute();
    const end = Math.min(now.length, this.reliedOn.length);
    for (let base = 0; base < end; base += this.masks.length) {
      if (this.masks.conflict(this.reliedOn, base, now, base)) return false;
    }
    return true;
  }

  private compute(): Int32Array {
    const { table, masks } = this;
    const { effects } = table;
    let owns = 0;
    for (let effect = 0; effect < effects.size; effect++) {
      owns = Math.max(owns, effects.own(effect) + 1, effects.nextOwn(effect) + 1);
    }
    const futures = new Int32Array(owns * masks.length);
    for (let effect = 0; effect < effects.size; effect++) {
      const base = effects.own(effect) * masks.length;
      for (const access of this.components.footprints.at(table.footprint(effect)).accesses) {
        masks.add(futures, base, access);
      }
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (let effect = effects.size - 1; effect >= 0; effect--) {
        const base = effects.own(effect) * masks.length;
        if (masks.join(futures, base, futures, effects.nextOwn(effect) * masks.length)) changed = true;
      }
    }
    return futures;
  }
}
