import type { ScheduleRun } from './replayString.ts';
import { ScheduleError, type Scheduler } from './scheduler.ts';

/** Follows the runs of a replay string, then hands over to another scheduler. */
export class Replayed implements Scheduler {
  private readonly runs: readonly ScheduleRun[];
  private readonly afterwards: Scheduler;
  private position = 0;
  private stepsOfRun = 0;
  private steps = 0;

  constructor(runs: readonly ScheduleRun[], afterwards: Scheduler) {
    this.runs = runs;
    this.afterwards = afterwards;
  }

  choose(ready: readonly number[]): number {
    const run = this.runs[this.position];
    if (run === undefined) return this.afterwards.choose(ready);
    if (!ready.includes(run.thread)) throw this.mismatch(run, 'has nothing to do there');
    return run.thread;
  }

  stepped(thread: number, turnEnded: boolean): void {
    this.steps++;
    const run = this.runs[this.position];
    if (run !== undefined && ++this.stepsOfRun === run.steps) {
      this.position++;
      this.stepsOfRun = 0;
    }
    this.afterwards.stepped(thread, turnEnded);
  }

  blocked(thread: number): void {
    const run = this.runs[this.position];
    if (run !== undefined) throw this.mismatch(run, 'is blocked there');
    this.afterwards.blocked(thread);
  }

  private mismatch(run: ScheduleRun, reason: string): ScheduleError {
    return new ScheduleError(
      `the replay string does not fit this test: its step ${this.steps + 1} is one of thread ${run.thread}, which ${reason}`,
    );
  }
}
