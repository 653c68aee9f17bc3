/** Decides which thread takes the next step. */
export interface Scheduler {
  /**
   * The thread that steps next, out of `ready`: threads by index, ascending, none of them known to be blocked;
   * never empty. When the one chosen turns out to be blocked, it is asked again with the others.
   */
  choose(ready: readonly number[]): number;
  /** Told of each step taken, and whether others have their turn now: it was the last of an operation, or others are in its way. */
  stepped(thread: number, turnEnded: boolean): void;
  /** Told that the chosen thread could not step. */
  blocked(thread: number): void;
}

/** A schedule that asks for what the test cannot do. */
export class ScheduleError extends Error {}
