import { STEPPED } from '../model.ts';
import type { Effect } from '../words/effectTable.ts';
import type { WordValues } from '../words/stepTrace.ts';

/** Puts effects of one thread that follow each other together to one. */
export class EffectJoin {
  private readonly reads = new Map<number, number>();
  private readonly writes = new Map<number, number>();
  private isOpaque = false;
  private outcome = STEPPED;
  /** The thread's own words after the effects that were added. */
  own: number;

  /** `own`: the thread's own words before them. */
  constructor(own: number) {
    this.own = own;
  }

  add({ outcome, nextOwn, reads, writes }: Effect): void {
    this.look(reads);
    writes.words.forEach((word, position) => {
      this.writes.set(word, writes.values[position] as number);
    });
    this.outcome = outcome;
    this.own = nextOwn;
  }

  /** Takes note of what was read; what an effect wrote is no news to those after it. */
  look(reads: WordValues | null): void {
    if (reads === null) this.isOpaque = true;
    else {
      reads.words.forEach((word, position) => {
        if (!this.writes.has(word) && !this.reads.has(word))
          this.reads.set(word, reads.values[position] as number);
      });
    }
  }

  effect(): Effect {
    const written = this.outcome === STEPPED ? [...this.writes].sort(([a], [b]) => a - b) : [];
    return {
      outcome: this.outcome,
      nextOwn: this.own,
      reads: this.isOpaque ? null : { words: [...this.reads.keys()], values: [...this.reads.values()] },
      writes: { words: written.map(([word]) => word), values: written.map(([, value]) => value) },
    };
  }
}
