import { Random } from '../../run/schedule/random.ts';

/** Bytes of a page, and of what a PMD maps. */
export const PAGE: number = 4096;
export const PMD: number = 2 ** 21;

/** Something that a test may do next, as often as its weight among all that it may. */
export interface Candidate {
  readonly weight: number;
  readonly write: () => void;
}

/** What a random test makes up, the same for the same seed. */
export class Choices {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** An integer from 0 up to but not including `limit`. */
  below(limit: number): number {
    return this.random.below(limit);
  }

  /** True `percent` times of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** @throws if there is nothing to pick */
  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }

  /** One of the candidates, by their weights. */
  among(candidates: readonly Candidate[]): Candidate {
    return this.pick(candidates.flatMap((candidate) => Array<Candidate>(candidate.weight).fill(candidate)));
  }
}
