import type { Access, HeldLock } from './access.ts';

/** All that a step has to do with other threads. */
export interface Footprint {
  /** Each word at most once, ascending. */
  readonly accesses: readonly Access[];
  /** Locks held before the step, ascending. */
  readonly held: readonly HeldLock[];
  /** Whether the step waits in some state. */
  readonly waits: boolean;
  /** Whether something is judged when the step is done, so that the state after it must be seen. */
  readonly boundary: boolean;
}

/** Footprints, each kept once: steps by the million share a few hundred of them. */
export class Footprints {
  private readonly kept: Footprint[] = [];
  private readonly numbers = new Map<string, number>();

  get size(): number {
    return this.kept.length;
  }

  /** The number of a footprint; `accesses` and `held` need not be sorted. */
  intern(footprint: Footprint): number {
    const accesses = [...footprint.accesses].sort((a, b) => a - b);
    const held = [...footprint.held].sort((a, b) => a - b);
    const { waits, boundary } = footprint;
    const key = `${accesses.join()}|${held.join()}|${waits}|${boundary}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.kept.length);
    return this.kept.push({ accesses, held, waits, boundary }) - 1;
  }

  /** The footprint with that number. */
  at(number: number): Footprint {
    const footprint = this.kept[number];
    if (footprint === undefined) throw new Error(`there is no footprint ${number}`);
    return footprint;
  }
}
