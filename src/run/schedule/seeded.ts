import { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** Chooses at every step among all threads that can take one. */
export class Seeded implements Scheduler {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  choose(ready: readonly number[]): number {
    return ready[this.random.below(ready.length)] ?? 0;
  }

  stepped(): void {}

  blocked(): void {}
}
