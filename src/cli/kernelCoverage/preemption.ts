import type { DialectProgram } from '../../compile/link/selection.ts';
import type { Program, Scheme } from '../../litmus/index.ts';
import { Execution, type ReplaySchedule, type ScheduleRun } from '../../run/index.ts';
import { threadOf } from '../../run/observe/actor.ts';

/** Executions by a seed that a search tries for each test. */
const SEEDS = 24;

/** Steps of a test that is too long to be executed again and again. */
const LONG = 1500;

/** One step of the plain execution: who took it, and who else could have. */
interface Turn {
  readonly thread: number;
  readonly others: readonly number[];
}

/**
 * Schedules near the plain one of a test, and near those in which another thread begins: one operation of another thread
 * before each of their steps. A schedule that is answered with `true`, since it showed something new, is one that others
 * are looked for near as well. At last come some where threads change at every step. None for a test of one thread, or of
 * very many steps.
 */
export function* schedulesNear(
  test: Program,
  scheme: Scheme,
  sources: DialectProgram,
): Generator<ReplaySchedule, undefined, boolean> {
  if (test.threads.length === 1) return;
  const plain: ReplaySchedule = { scheme, runs: [], seed: null };
  const turns = turnsOf(test, plain, sources);
  if (turns.length > LONG) return;
  const bases = [plain];
  const meeting = turns.findIndex(({ others }) => others.length > 0);
  for (const thread of turns[meeting]?.others ?? []) {
    const begun = { ...plain, runs: runsOf([...turns.slice(0, meeting), { thread }]) };
    yield begun;
    bases.push(begun);
  }
  for (const base of bases) {
    const known = turnsOf(test, base, sources);
    for (const [step, { others }] of known.entries()) {
      for (const thread of others) {
        const preempted = { ...plain, runs: runsOf([...known.slice(0, step), { thread }]) };
        if (yield preempted) bases.push(preempted);
      }
    }
  }
  for (let seed = 1; seed <= SEEDS; seed++) yield { ...plain, seed };
}

function turnsOf(test: Program, replay: ReplaySchedule, sources: DialectProgram): readonly Turn[] {
  const turns: Turn[] = [];
  const execution = new Execution(test, replay.scheme, { sources, replay, generators: true });
  const { threads, stepper, observer } = execution.parts;
  for (let isOver = false; !isOver; ) {
    const before = stepper.steps;
    const live = threads.live().map(({ index }) => index);
    isOver = execution.advance(1);
    if (isOver || stepper.steps === before) continue;
    const thread = threadOf(observer.trail.actor);
    turns.push({ thread, others: live.filter((other) => other !== thread) });
  }
  return turns;
}

function runsOf(turns: readonly { readonly thread: number }[]): readonly ScheduleRun[] {
  const runs: { thread: number; steps: number }[] = [];
  for (const { thread } of turns) {
    const last = runs.at(-1);
    if (last?.thread === thread) last.steps++;
    else runs.push({ thread, steps: 1 });
  }
  return runs;
}
