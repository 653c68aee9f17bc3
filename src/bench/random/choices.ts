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

/** Bytes as the language writes them: 2M, 12K, 4097. */
export function bytesText(bytes: number): string {
  if (bytes > 0 && bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20}M`;
  return bytes > 0 && bytes % 1024 === 0 ? `${bytes / 1024}K` : `${bytes}`;
}
