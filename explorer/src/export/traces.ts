import type { Scheme } from '../../../src/litmus/index.ts';
import type { Recording } from '../recording/recording.ts';
import type { Timeline } from '../timeline/timeline.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

/** Both executions with every step, as one JSON document. */
export function traceDocument(name: string, { devmap, refcount }: Timeline): object {
  return {
    tool: 'daxlab',
    kind: 'trace',
    schemaVersion: 1,
    test: name,
    executions: [devmap, refcount].map(({ scheme, replay, verdict, steps, operations }) => ({
      scheme,
      replay,
      verdict,
      steps: steps.map(({ entry, operation }) => ({
        ...entry,
        operation: operations[operation]?.text ?? '',
      })),
    })),
  };
}

/** An event of the Chrome trace-event format, as far as it is used here. */
interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: object;
}

/**
 * Both executions in the Chrome trace-event format, for Perfetto: a process for each scheme, a track for each thread, one
 * row of the timeline a microsecond.
 */
export function chromeTrace(timeline: Timeline): { readonly traceEvents: readonly TraceEvent[] } {
  return { traceEvents: SCHEMES.flatMap((scheme, pid) => eventsOf(timeline, scheme, pid)) };
}

function eventsOf(timeline: Timeline, scheme: Scheme, pid: number): TraceEvent[] {
  const { threads, steps, operations } = timeline[scheme];
  const times = timesOf(timeline, scheme);
  const named = (tid: number): number => (tid < 0 ? threads.length : tid);
  return [
    { name: 'process_name', ph: 'M', pid, tid: 0, args: { name: scheme } },
    ...threads.map((name, tid): TraceEvent => ({ name: 'thread_name', ph: 'M', pid, tid, args: { name } })),
    ...operations.map(({ text, thread, firstStep, lastStep }): TraceEvent => {
      const ts = times[firstStep] ?? 0;
      return { name: text, ph: 'X', pid, tid: named(thread), ts, dur: (times[lastStep] ?? ts) + 1 - ts };
    }),
    ...steps.map(
      ({ entry, thread }, at): TraceEvent => ({
        name: entry.function,
        ph: 'X',
        pid,
        tid: named(thread),
        ts: times[at] ?? 0,
        dur: 1,
        args: { where: `${entry.file}:${entry.line}`, ...entry.changes },
      }),
    ),
  ];
}

/** The row in which each step is taken. */
function timesOf({ rows, ...recordings }: Timeline, scheme: Scheme): number[] {
  const recording: Recording = recordings[scheme];
  const times = new Array<number>(recording.steps.length).fill(0);
  rows.forEach((row, at) => {
    const step = row[scheme] - 1;
    if (step >= 0 && row[scheme] !== rows[at - 1]?.[scheme]) times[step] = at;
  });
  return times;
}
