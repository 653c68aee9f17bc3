import type { RecordedOperation } from '../recording/recording.ts';
import { rowOfStep, type Timeline } from './timeline.ts';

/**
 * The row behind the first operation that leaves other counts under one scheme than under the other: what a test is
 * about. The end of the first operation that changes anything where there is none.
 */
export function firstTellingRow(timeline: Timeline): number {
  const { devmap, refcount } = timeline;
  const others = new Map(devmap.operations.map((operation) => [keyOf(operation), operation]));
  const telling = refcount.operations.find((operation) => {
    const other = others.get(keyOf(operation));
    return other !== undefined && countsOf(operation) !== countsOf(other);
  });
  const chosen = telling ?? refcount.operations.find(({ changes }) => Object.keys(changes).length > 0);
  return chosen === undefined ? 0 : rowOfStep(timeline, 'refcount', chosen.lastStep + 1);
}

function keyOf({ thread, ordinal }: RecordedOperation): string {
  return `${thread}/${ordinal}`;
}

function countsOf({ changes }: RecordedOperation): string {
  return JSON.stringify(
    Object.entries(changes).filter(([name]) => /\.(refcount|mapcount|pincount)$/.test(name)),
  );
}
