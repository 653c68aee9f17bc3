import { batch, computed, effect, signal } from '@preact/signals';
import { type Diagnostic, diagnose, loadTest, type Program, type Scheme } from '../../../src/litmus/index.ts';
import type { Unit } from '../../../src/run/observe/layout.ts';
import { Replica } from '../recording/replica.ts';
import { chooseThread } from '../schedule/chooseThread.ts';
import { type MachineView, machineView } from '../state/machineView.ts';
import { unitsConcerned } from '../state/pageCards.ts';
import { firstTellingRow } from '../timeline/firstTellingRow.ts';
import {
  firstBrokenRow,
  type Granularity,
  rowFrom,
  rowOfStep,
  type Timeline,
  timelineOf,
} from '../timeline/timeline.ts';
import type { Schedules } from '../worker/requests.ts';
import { requestRun } from '../worker/runClient.ts';

/** Cards of folios that are shown; the others are counted. */
export const CARDS_SHOWN = 24;

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

/** An execution that can be looked at. */
export interface LoadedRun {
  readonly program: Program;
  readonly text: string;
  readonly timeline: Timeline;
  readonly devmap: Replica;
  readonly refcount: Replica;
  /** Folios that either execution concerns, ascending, as many as are shown. */
  readonly units: readonly Unit[];
  readonly unitsLeft: number;
}

/** A test that is open. */
export interface OpenTest {
  readonly file: string;
  readonly bug: string | null;
  /** The text as it was when it was opened. */
  readonly original: string;
}

export const open = signal<OpenTest | null>(null);
/** The text as it stands in the editor. */
export const text = signal('');
export const schedules = signal<Schedules>({});
export const run = signal<LoadedRun | null>(null);
export const isRunning = signal(false);
/** Why there is no run of the text as it stands. */
export const failure = signal<string | null>(null);
export const row = signal(0);
/** Row of the state that the one shown is compared with: where the last move began. */
export const rowBefore = signal(0);
export const granularity = signal<Granularity>('change');
export const isPlaying = signal(false);
/** Name of the page that is looked at. */
export const selection = signal<string | null>(null);
export const view = signal<'run' | 'check'>('run');

/** What is wrong with the text. */
export const diagnostics = computed<readonly Diagnostic[]>(() =>
  open.value === null ? [] : diagnose(text.value, open.value.file),
);

/** Both machines in the state that is shown, and in the one before it. */
export interface Shown {
  readonly devmap: MachineView;
  readonly refcount: MachineView;
}

export const shown = computed<Shown | null>(() => viewsAt(row.value));
export const shownBefore = computed<Shown | null>(() => viewsAt(rowBefore.value));

function viewsAt(at: number): Shown | null {
  const loaded = run.value;
  const place = loaded?.timeline.rows[at];
  if (loaded === null || place === undefined) return null;
  loaded.devmap.seek(place.devmap);
  loaded.refcount.seek(place.refcount);
  return {
    devmap: machineView(loaded.devmap, loaded.units),
    refcount: machineView(loaded.refcount, loaded.units),
  };
}

/** Opens a test; `at` is the row to show, where a link says so. */
export async function openTest(
  test: OpenTest,
  { draft, at = null, chosen = {} }: { draft?: string; at?: number | null; chosen?: Schedules } = {},
): Promise<void> {
  batch(() => {
    open.value = test;
    text.value = draft ?? test.original;
    schedules.value = chosen;
    run.value = null;
    failure.value = null;
    selection.value = null;
    isPlaying.value = false;
  });
  await execute(at);
}

/** Executes the text as it stands. What is shown stays until the new run is there. */
export async function execute(at: number | null = null): Promise<void> {
  const test = open.value;
  if (test === null) return;
  const source = text.value;
  const loaded = loadTest(source, test.file);
  if (!('program' in loaded)) return;
  isRunning.value = true;
  const answer = await requestRun({
    file: test.file,
    text: source,
    bug: test.bug,
    schedules: schedules.value,
  });
  if (text.value !== source || open.value !== test) return;
  batch(() => {
    isRunning.value = false;
    const error = 'error' in answer ? answer.error : (answer.devmap.error ?? answer.refcount.error);
    failure.value = error;
    if ('error' in answer || error !== null) return;
    const timeline = timelineOf(answer.devmap, answer.refcount);
    const devmap = new Replica(loaded.program, answer.devmap);
    const refcount = new Replica(loaded.program, answer.refcount);
    const units = [...new Set([...unitsConcerned(devmap), ...unitsConcerned(refcount)])].sort(
      (a, b) => a - b,
    );
    const fresh: LoadedRun = {
      program: loaded.program,
      text: source,
      timeline,
      devmap,
      refcount,
      units: units.slice(0, CARDS_SHOWN),
      unitsLeft: Math.max(0, units.length - CARDS_SHOWN),
    };
    const isAnother = run.value === null;
    run.value = fresh;
    const last = timeline.rows.length - 1;
    row.value = Math.min(last, at ?? (isAnother ? firstTellingRow(timeline) : row.value));
    rowBefore.value = rowFrom(timeline, row.value, 'operation', -1);
  });
}

/** Executes schedules that a check has found, and shows where they lead: to a broken property, or to the end. */
export async function openSchedules(found: Schedules, where: 'broken' | 'end'): Promise<void> {
  view.value = 'run';
  await follow({ ...schedules.value, ...found });
  const timeline = run.value?.timeline;
  if (timeline === undefined || failure.value !== null) return;
  const concerned = SCHEMES.filter((scheme) => found[scheme] !== undefined);
  const broken = where === 'broken' ? firstBrokenRow(timeline, concerned) : null;
  show(broken ?? timeline.rows.length - 1, 'operation');
}

/** Lets another thread take the step behind the state that is shown. A thread that has to wait is left where it is. */
export async function chooseNext(scheme: Scheme, thread: number): Promise<void> {
  const loaded = run.value;
  if (loaded === null) return;
  const taken = loaded.timeline.rows[row.value]?.[scheme] ?? 0;
  const earlier = schedules.value;
  await follow({ ...earlier, [scheme]: chooseThread(loaded.timeline[scheme], taken, thread) });
  if (failure.value !== null) schedules.value = earlier;
  else if (run.value !== null) show(rowOfStep(run.value.timeline, scheme, taken + 1), 'step');
}

/** Both schemes as they run by themselves: threads take turns. */
export async function backToTurns(): Promise<void> {
  await follow({});
}

async function follow(chosen: Schedules): Promise<void> {
  schedules.value = chosen;
  await execute();
}

/** Goes one step of the chosen length, or of another one. */
export function move(direction: 1 | -1, length: Granularity = granularity.value): void {
  if (run.value !== null) show(rowFrom(run.value.timeline, row.value, length, direction), length);
}

export function moveTo(at: number): void {
  show(at, granularity.value);
}

let wanted: number | undefined;

/** Goes to a row with the next frame: however fast somebody drags, each frame shows the last place only. */
export function scrubTo(at: number): void {
  if (wanted === undefined) {
    requestAnimationFrame(() => {
      const place = wanted;
      wanted = undefined;
      if (place !== undefined) moveTo(place);
    });
  }
  wanted = at;
}

/** Shows a row, compared with where the last step of that length began. */
function show(at: number, length: Granularity): void {
  const loaded = run.value;
  if (loaded === null) return;
  batch(() => {
    row.value = Math.max(0, Math.min(at, loaded.timeline.rows.length - 1));
    rowBefore.value = rowFrom(loaded.timeline, row.value, length, -1);
  });
}

/** Takes the text of the editor; executes it when nobody has typed for a moment. */
const EXECUTE_MILLISECONDS = 350;
let execution: ReturnType<typeof setTimeout> | undefined;

export function edit(draft: string): void {
  if (draft === text.peek()) return;
  batch(() => {
    text.value = draft;
    schedules.value = {};
  });
  clearTimeout(execution);
  execution = setTimeout(() => void execute(), EXECUTE_MILLISECONDS);
}

/** Back to the text that was opened. */
export function revert(): void {
  if (open.value !== null) edit(open.value.original);
}

/** Leaves the test for the gallery. */
export function close(): void {
  batch(() => {
    open.value = null;
    run.value = null;
    isPlaying.value = false;
    view.value = 'run';
  });
}

/** While playing, one step after another. */
const PLAY_MILLISECONDS = 700;
effect(() => {
  if (!isPlaying.value) return undefined;
  const timer = setInterval(() => {
    const at = row.peek();
    move(1);
    if (row.peek() === at) isPlaying.value = false;
  }, PLAY_MILLISECONDS);
  return () => clearInterval(timer);
});
