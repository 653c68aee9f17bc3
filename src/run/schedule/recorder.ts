import type { Scheme } from '../../litmus/index.ts';
import { formatReplay, type ScheduleRun } from './replayString.ts';

/** Longer schedules are given by their seed, which is as exact. */
const RECORDED_RUNS = 1000;

/** Notes who stepped when, for the replay string. */
export class ScheduleRecorder {
  private readonly runs: { thread: number; steps: number }[] = [];
  private overflowed = false;

  stepped(thread: number): void {
    const last = this.runs.at(-1);
    if (last?.thread === thread) {
      last.steps++;
    } else if (this.runs.length === RECORDED_RUNS) {
      this.overflowed = true;
    } else {
      this.runs.push({ thread, steps: 1 });
    }
  }

  /** The string that repeats what was recorded, under the seed that chose it. */
  replayString(scheme: Scheme, seed: number): string {
    const runs: readonly ScheduleRun[] = this.overflowed ? [] : this.runs;
    return formatReplay({ scheme, runs, seed: this.overflowed ? seed : null });
  }
}
