import { batch } from '@preact/signals';
import { loadTest, type Program, type Scheme } from '../../../src/litmus/index.ts';
import { Replica } from '../recording/replica.ts';
import { chooseThread } from '../schedule/chooseThread.ts';
import { unitsConcerned } from '../state/pageCards.ts';
import { firstTellingRow } from '../timeline/firstTellingRow.ts';
import { firstBrokenRow, judgedRow, rowOfStep, type Timeline, timelineOf } from '../timeline/timeline.ts';
import type { RunAnswer, Schedules } from '../worker/requests.ts';
import { requestRun } from '../worker/runClient.ts';
import { show } from './moving.ts';
import { failure, isRunning, type LoadedRun, open, row, run, schedules, text, view } from './signals.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

/** Grows with every run: what comes of an earlier one is not shown. */
let latest = 0;

/**
 * Executes the text as it stands. What is shown stays until the new run is there. False where that is not what came of it:
 * the text has errors, has changed meanwhile, or another run took the place of this one.
 */
export async function execute(at: number | null = null): Promise<boolean> {
  const test = open.value;
  if (test === null) return false;
  const { file, bug } = test;
  const source = text.value;
  const loaded = loadTest(source, file);
  if (!('program' in loaded)) return false;
  const number = ++latest;
  isRunning.value = true;
  const answer = await requestRun({ file, text: source, bug, schedules: schedules.value });
  if (number !== latest) return false;
  if (text.value !== source || open.value !== test) {
    isRunning.value = false;
    return false;
  }
  batch(() => {
    isRunning.value = false;
    const error = 'error' in answer ? answer.error : (answer.devmap.error ?? answer.refcount.error);
    failure.value = error;
    if ('error' in answer || error !== null) return;
    const fresh = loadedRun(loaded.program, source, answer);
    const first = run.value === null ? firstTellingRow(fresh.timeline) : row.value;
    run.value = fresh;
    show(at ?? first, 'operation');
  });
  return failure.value === null;
}

function loadedRun(
  program: Program,
  source: string,
  answer: Exclude<RunAnswer, { readonly error: string }>,
): LoadedRun {
  const devmap = new Replica(program, answer.devmap);
  const refcount = new Replica(program, answer.refcount);
  const units = new Set([...unitsConcerned(devmap), ...unitsConcerned(refcount)]);
  return {
    program,
    text: source,
    timeline: timelineOf(answer.devmap, answer.refcount),
    devmap,
    refcount,
    units: [...units].sort((one, other) => one - other),
  };
}

/**
 * Executes schedules that a check has found, and shows where they lead: to a broken property, to the
 * state that conditions judge, or to the end.
 */
export async function openSchedules(found: Schedules, where: 'broken' | 'judged' | 'end'): Promise<void> {
  view.value = 'run';
  const isThere = await follow({ ...schedules.value, ...found });
  const timeline = run.value?.timeline;
  if (timeline === undefined || !isThere) return;
  const concerned = SCHEMES.filter((scheme) => found[scheme] !== undefined);
  show(placeOf(where, timeline, concerned) ?? timeline.rows.length - 1, 'operation');
}

function placeOf(
  where: 'broken' | 'judged' | 'end',
  timeline: Timeline,
  concerned: readonly Scheme[],
): number | null {
  if (where === 'broken') return firstBrokenRow(timeline, concerned);
  return where === 'judged' ? judgedRow(timeline, concerned) : null;
}

/** Lets another thread take the step behind the state that is shown. A thread that has to wait is left where it is. */
export async function chooseNext(scheme: Scheme, thread: number): Promise<void> {
  const loaded = run.value;
  if (loaded === null) return;
  const taken = loaded.timeline.rows[row.value]?.[scheme] ?? 0;
  const earlier = schedules.value;
  const chosen = { ...earlier, [scheme]: chooseThread(loaded.timeline[scheme], taken, thread) };
  if (await follow(chosen))
    show(rowOfStep(run.value?.timeline ?? loaded.timeline, scheme, taken + 1), 'step');
  else if (schedules.value === chosen) schedules.value = earlier;
}

/** Both schemes as they run by themselves: threads take turns. */
export async function backToTurns(): Promise<void> {
  await follow({});
}

async function follow(chosen: Schedules): Promise<boolean> {
  schedules.value = chosen;
  return await execute();
}
