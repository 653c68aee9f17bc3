import type { Scheme } from '../../../src/litmus/index.ts';
import {
  NO_THREAD,
  type RecordedOperation,
  type RecordedStep,
  type Recording,
} from '../recording/recording.ts';
import { align, type Row } from './align.ts';

/** How far one key press goes. */
export type Granularity = 'step' | 'change' | 'function' | 'operation';

export const GRANULARITIES: readonly Granularity[] = ['step', 'change', 'function', 'operation'];

/** Two executions on one time axis. Row 0 is the beginning; row n shows the states behind its steps. */
export interface Timeline {
  readonly devmap: Recording;
  readonly refcount: Recording;
  readonly rows: readonly Row[];
  /** For each granularity the rows at which it stops, ascending, the first and the last row among them. */
  readonly stops: Readonly<Record<Granularity, readonly number[]>>;
}

export function timelineOf(devmap: Recording, refcount: Recording): Timeline {
  const rows = align(devmap, refcount);
  const all = { devmap, refcount, rows };
  const changes = rows.flatMap((_, at) => (hasChange(all, at) ? [at] : []));
  return {
    ...all,
    stops: {
      step: rows.map((_, at) => at),
      change: withEnds(changes, rows.length),
      function: withEnds(
        lastOf(all, (step) => `${step.operation}/${step.entry.function}`),
        rows.length,
      ),
      operation: withEnds(
        lastOf(all, (_, operation) => `${operation.thread}/${operation.ordinal}`),
        rows.length,
      ),
    },
  };
}

type Rows = Pick<Timeline, 'devmap' | 'refcount' | 'rows'>;

/** The steps that were taken from the row before to this one. */
export function stepsAt(
  { devmap, refcount, rows }: Rows,
  at: number,
): { readonly devmap: RecordedStep | undefined; readonly refcount: RecordedStep | undefined } {
  const row = rows[at];
  const before = rows[at - 1];
  if (row === undefined || before === undefined) return { devmap: undefined, refcount: undefined };
  return {
    devmap: row.devmap > before.devmap ? devmap.steps[row.devmap - 1] : undefined,
    refcount: row.refcount > before.refcount ? refcount.steps[row.refcount - 1] : undefined,
  };
}

/** The operation that a row belongs to, of whichever scheme stepped. */
export function operationAt(timeline: Rows, at: number): RecordedOperation | undefined {
  const { devmap, refcount } = stepsAt(timeline, at);
  if (refcount !== undefined) return timeline.refcount.operations[refcount.operation];
  return devmap === undefined ? undefined : timeline.devmap.operations[devmap.operation];
}

/** The row that a step forward (1) or back (-1) leads to. */
export function rowFrom(timeline: Timeline, at: number, granularity: Granularity, direction: 1 | -1): number {
  const stops = timeline.stops[granularity];
  const found = direction === 1 ? stops.find((stop) => stop > at) : stops.findLast((stop) => stop < at);
  return found ?? at;
}

/** The first row whose state shows that a scheme has taken so many steps. */
export function rowOfStep({ rows }: Rows, scheme: 'devmap' | 'refcount', steps: number): number {
  const found = rows.findIndex((row) => row[scheme] >= steps);
  return found < 0 ? rows.length - 1 : found;
}

/** The first row at which a property is broken under one of some schemes; null where none is. */
export function firstBrokenRow(
  timeline: Rows,
  schemes: readonly Scheme[] = ['devmap', 'refcount'],
): number | null {
  const rows = schemes.flatMap((scheme) =>
    timeline[scheme].findings.slice(0, 1).map(({ step }) => rowOfStep(timeline, scheme, step + 1)),
  );
  return rows.length === 0 ? null : Math.min(...rows);
}

/** The row at which conditions judge the end: all statements have run, and no process has exited yet. */
export function judgedRow(timeline: Rows, schemes: readonly Scheme[]): number {
  const rows = schemes.map((scheme) => {
    const { steps } = timeline[scheme];
    const isExited = steps.at(-1)?.thread === NO_THREAD;
    return rowOfStep(timeline, scheme, steps.length - (isExited ? 1 : 0));
  });
  return Math.max(0, ...rows);
}

function hasChange(timeline: Rows, at: number): boolean {
  const { devmap, refcount } = stepsAt(timeline, at);
  return [devmap, refcount].some((step) => step !== undefined && Object.keys(step.entry.changes).length > 0);
}

/** Rows behind which something else begins. */
function lastOf(
  timeline: Rows,
  keyOf: (step: RecordedStep, operation: RecordedOperation) => string,
): number[] {
  const keys = timeline.rows.map((_, at) => {
    const { devmap, refcount } = stepsAt(timeline, at);
    const step = refcount ?? devmap;
    const { operations } = refcount === undefined ? timeline.devmap : timeline.refcount;
    const operation = operations[step?.operation ?? -1];
    return step === undefined || operation === undefined ? '' : keyOf(step, operation);
  });
  return keys.flatMap((key, at) => (key === keys[at + 1] ? [] : [at]));
}

function withEnds(stops: readonly number[], length: number): number[] {
  return [...new Set([0, ...stops, length - 1])].sort((one, other) => one - other);
}
