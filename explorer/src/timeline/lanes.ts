import type { Scheme } from '../../../src/litmus/index.ts';
import { stepsAt, type Timeline } from './timeline.ts';

/** Rows in which a thread is busy with one operation under one scheme. */
export interface Stretch {
  readonly scheme: Scheme;
  readonly operation: string;
  /** Rows from `first` up to and including `last`. */
  readonly first: number;
  readonly last: number;
}

/** What one thread does over time. */
export interface Lane {
  readonly name: string;
  readonly stretches: readonly Stretch[];
  /** Rows at which a property is broken there. */
  readonly broken: readonly number[];
}

/** A lane for each thread that does anything, in the order of the file. */
export function lanesOf(timeline: Timeline): Lane[] {
  const { threads } = timeline.refcount;
  return threads
    .map((name, thread) => ({
      name,
      stretches: [...stretchesOf(timeline, thread, 'devmap'), ...stretchesOf(timeline, thread, 'refcount')],
      broken: brokenRows(timeline, thread),
    }))
    .filter(({ stretches }) => stretches.length > 0);
}

function stretchesOf(timeline: Timeline, thread: number, scheme: Scheme): Stretch[] {
  const { operations } = timeline[scheme];
  const stretches: Stretch[] = [];
  let open: { operation: number; first: number; last: number } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    stretches.push({
      scheme,
      operation: operations[open.operation]?.text ?? '',
      first: open.first,
      last: open.last,
    });
    open = undefined;
  };
  timeline.rows.forEach((_, at) => {
    const step = stepsAt(timeline, at)[scheme];
    if (step === undefined) return;
    if (step.thread !== thread) close();
    else if (open?.operation === step.operation) open.last = at;
    else {
      close();
      open = { operation: step.operation, first: at, last: at };
    }
  });
  close();
  return stretches;
}

function brokenRows(timeline: Timeline, thread: number): number[] {
  return (['devmap', 'refcount'] as const).flatMap((scheme) => {
    const { findings, steps } = timeline[scheme];
    return findings
      .filter(({ step }) => steps[step]?.thread === thread)
      .map(({ step }) => timeline.rows.findIndex((row) => row[scheme] > step))
      .filter((at) => at >= 0);
  });
}
