import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult, TraceEntry } from '../../litmus/output/index.ts';
import { Execution, type ExecutionOptions, type ScheduleRun } from '../../run/index.ts';
import { stepsOf } from './schedule.ts';

/** How far beyond its schedule an execution is followed. */
export type ReplayEnd =
  /** Not at all: the last step breaks something. */
  | 'step'
  /** Until it is clear that no thread can step. */
  | 'stuck'
  /** To its end: all statements have run, and the processes exit. */
  | 'end'
  /** It has no end: as far as it takes to see where the threads go round. */
  | 'endless';

/** The kernel that is executed, as a check and a run know it. */
export type KernelChoice = Pick<ExecutionOptions, 'overrides' | 'sources'>;

/** What a run says of a schedule, and every step that it took. */
export interface Replayed {
  readonly result: TestResult;
  readonly entries: readonly TraceEntry[];
}

/** Executes a schedule in a run: the run says what happens and what it breaks. */
export function replaySchedule(
  program: Program,
  scheme: Scheme,
  kernel: KernelChoice,
  runs: readonly ScheduleRun[],
  end: ReplayEnd,
): Replayed {
  const entries: TraceEntry[] = [];
  const execution = new Execution(program, scheme, {
    ...kernel,
    replay: { scheme, runs, seed: null },
    onStep: (entry) => entries.push(entry),
  });
  execution.advance(stepsOf(runs) + stepsBeyond(program, end));
  return { result: execution.result(), entries };
}

/** Steps by which an execution that never ends is followed beyond its schedule: all that its threads do before they go round. */
const STEPS_ENDLESS = 20_000;

function stepsBeyond({ threads }: Program, end: ReplayEnd): number {
  switch (end) {
    case 'step':
      return 0;
    case 'stuck':
    case 'end':
      return threads.length + 1;
    case 'endless':
      return STEPS_ENDLESS;
  }
}
