import { computed, signal } from '@preact/signals';
import { type Diagnostic, diagnose, type Program } from '../../../src/litmus/index.ts';
import type { Unit } from '../../../src/run/observe/layout.ts';
import type { Replica } from '../recording/replica.ts';
import type { Granularity, Timeline } from '../timeline/timeline.ts';
import type { Schedules } from '../worker/requests.ts';

/** A test that is open. */
export interface OpenTest {
  readonly file: string;
  readonly bug: string | null;
  /** The text as it was when it was opened; that of the shipped test where it is one. */
  readonly original: string;
  readonly isShipped: boolean;
}

/** An execution that can be looked at. */
export interface LoadedRun {
  readonly program: Program;
  readonly text: string;
  readonly timeline: Timeline;
  readonly devmap: Replica;
  readonly refcount: Replica;
  /** Folios that either execution concerns, ascending. */
  readonly units: readonly Unit[];
}

export const open = signal<OpenTest | null>(null);
/** The text as it stands in the editor. */
export const text = signal('');
export const view = signal<'run' | 'check'>('run');
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

/** What is wrong with the text. */
export const diagnostics = computed<readonly Diagnostic[]>(() =>
  open.value === null ? [] : diagnose(text.value, open.value.file),
);
