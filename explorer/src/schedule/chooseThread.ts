import { formatReplay, type ScheduleRun } from '../../../src/run/schedule/replayString.ts';
import { NO_THREAD, type Recording } from '../recording/recording.ts';

/**
 * The replay string that repeats the first steps of a recording and then lets one thread take a step; turns follow. It
 * is what `daxlab run --replay` takes.
 */
export function chooseThread({ scheme, steps }: Recording, taken: number, thread: number): string {
  const threads = steps
    .slice(0, taken)
    .map((step) => step.thread)
    .filter((each) => each !== NO_THREAD);
  return formatReplay({ scheme, runs: runsOf([...threads, thread]), seed: null });
}

function runsOf(threads: readonly number[]): ScheduleRun[] {
  const runs: { thread: number; steps: number }[] = [];
  for (const thread of threads) {
    const last = runs.at(-1);
    if (last?.thread === thread) last.steps++;
    else runs.push({ thread, steps: 1 });
  }
  return runs;
}
