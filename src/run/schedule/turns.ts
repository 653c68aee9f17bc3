import type { Scheduler } from './scheduler.ts';

/**
 * Live threads take turns in file order, one operation a turn; a blocked one, or one that tries again and again, goes on at its
 * next turn.
 */
export class Turns implements Scheduler {
  private turn: number;
  private inside = false;

  /** Begins with the first thread behind `last`, the one that had the turn before; -1 for the very first. */
  constructor(last = -1) {
    this.turn = last;
  }

  choose(ready: readonly number[]): number {
    if (this.inside && ready.includes(this.turn)) return this.turn;
    this.inside = false;
    this.turn = ready.find((thread) => thread > this.turn) ?? ready[0] ?? this.turn;
    return this.turn;
  }

  stepped(thread: number, turnEnded: boolean): void {
    this.turn = thread;
    this.inside = !turnEnded;
  }

  blocked(): void {
    this.inside = false;
  }
}
