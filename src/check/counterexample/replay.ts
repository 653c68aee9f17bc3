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

/** Executes a schedule in a run, with every step traced: the run says what happens and what it breaks. */
export function replaySchedule(
  program: Program,
  scheme: Scheme,
  kernel: KernelChoice,
  runs: readonly ScheduleRun[],
  end: ReplayEnd,
): TestResult {
  const execution = new Execution(program, scheme, {
    ...kernel,
    replay: { scheme, runs, seed: null },
    onStep: () => {},
  });
  execution.advance(stepsOf(runs) + (end === 'step' ? 0 : program.threads.length + 1));
  return execution.result();
}

/** Steps by which an execution that never ends is followed beyond its schedule. */
const STEPS_BEYOND = 64;

/** What happens after a schedule from which no execution comes to its end: the steps that come round again and again. */
export function stepsBeyond(
  program: Program,
  scheme: Scheme,
  kernel: KernelChoice,
  runs: readonly ScheduleRun[],
): readonly TraceEntry[] {
  const entries: TraceEntry[] = [];
  const execution = new Execution(program, scheme, {
    ...kernel,
    replay: { scheme, runs, seed: null },
    onStep: (entry) => entries.push(entry),
  });
  execution.advance(stepsOf(runs) + STEPS_BEYOND);
  return entries.slice(stepsOf(runs));
}
