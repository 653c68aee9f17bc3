import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { Execution, type ScheduleRun } from '../../run/index.ts';
import { threadOf } from '../../run/observe/actor.ts';
import type { KernelVariant } from '../bugKernel.ts';

/** Executions with one preemption that are tried at most. */
const PREEMPTED = 3000;

/** Executions whose threads change at random, by seeds from 1 on. */
const SEEDED = 16;

/** One step of the plain execution: who took it, and who else could have. */
interface Turn {
  readonly thread: number;
  readonly others: readonly number[];
}

/**
 * Tries schedules that are near the plain one first: threads that take turns operation by operation; then, for each step
 * of that, another thread's whole operation in front of it; at last threads that change at every step. Bugs that need one
 * operation in the middle of another show in few executions so.
 */
export function* preemptions(
  program: Program,
  scheme: Scheme,
  kernel: KernelVariant,
): Generator<TestResult, undefined, undefined> {
  const turns: Turn[] = [];
  yield plain(program, scheme, kernel, turns);
  let tried = 0;
  for (let step = 1; step < turns.length; step++) {
    for (const thread of turns[step]?.others ?? []) {
      if (tried++ === PREEMPTED) break;
      const runs = [...runsOf(turns.slice(0, step)), { thread, steps: 1 }];
      const result = execute(program, scheme, { ...kernel, replay: { scheme, runs, seed: null } });
      if (result.verdict !== 'error') yield result;
    }
  }
  if (program.threads.length === 1) return;
  for (let seed = 1; seed <= SEEDED; seed++) yield execute(program, scheme, { ...kernel, seed });
}

function execute(
  program: Program,
  scheme: Scheme,
  options: ConstructorParameters<typeof Execution>[2],
): TestResult {
  const execution = new Execution(program, scheme, options);
  execution.advance(Number.POSITIVE_INFINITY);
  return execution.result();
}

/** The execution in which threads take turns; notes its steps. */
function plain(program: Program, scheme: Scheme, kernel: KernelVariant, turns: Turn[]): TestResult {
  const execution = new Execution(program, scheme, { ...kernel, generators: true });
  const { threads, stepper, observer } = execution.parts;
  for (let isOver = false; !isOver; ) {
    const before = stepper.steps;
    const live = threads.live().map(({ index }) => index);
    isOver = execution.advance(1);
    if (isOver || stepper.steps === before) continue;
    const thread = threadOf(observer.trail.actor);
    turns.push({ thread, others: live.filter((other) => other !== thread) });
  }
  return execution.result();
}

function runsOf(turns: readonly Turn[]): ScheduleRun[] {
  const runs: { thread: number; steps: number }[] = [];
  for (const { thread } of turns) {
    const last = runs.at(-1);
    if (last?.thread === thread) last.steps++;
    else runs.push({ thread, steps: 1 });
  }
  return runs;
}
