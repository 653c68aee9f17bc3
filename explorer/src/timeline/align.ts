import type { RecordedStep, Recording } from '../recording/recording.ts';

/** Where both executions stand: steps taken under each scheme. */
export interface Row {
  readonly devmap: number;
  readonly refcount: number;
}

/** Neighbouring steps of one operation of one thread. */
interface Segment {
  readonly key: string;
  readonly first: number;
  readonly end: number;
}

/** How like two steps are: of one line of the kernel, or only of functions of one name. */
const SAME = 3;
const AKIN = 2;

/** Cells of a table of alignments; beyond it steps are put side by side in order. */
const CELLS = 4_000_000;

/**
 * One timeline for two executions: the states that are shown beside each other. Operations are paired by thread and
 * turn; inside of one the steps of the same kernel line stand in one row, then those of the same function, and what only
 * one scheme does has a row in which the other one waits. The first row is the beginning.
 */
export function align(devmap: Recording, refcount: Recording): Row[] {
  const rows: Row[] = [{ devmap: 0, refcount: 0 }];
  const left = segmentsOf(devmap);
  const right = segmentsOf(refcount);
  const pairs = matching(left.length, right.length, (one, other) =>
    left[one]?.key === right[other]?.key ? SAME : 0,
  );
  for (const [one, other] of pairs) {
    const first = one === null ? undefined : left[one];
    const second = other === null ? undefined : right[other];
    alignSegments(devmap.steps, refcount.steps, first, second, rows);
  }
  return rows;
}

function segmentsOf({ steps, operations }: Recording): Segment[] {
  const segments: Segment[] = [];
  let first = 0;
  for (let at = 1; at <= steps.length; at++) {
    const operation = steps[first]?.operation;
    if (at < steps.length && steps[at]?.operation === operation) continue;
    const { thread, ordinal } = operations[operation ?? -1] ?? { thread: -1, ordinal: 0 };
    segments.push({ key: `${thread}/${ordinal}`, first, end: at });
    first = at;
  }
  return segments;
}

function alignSegments(
  devmap: readonly RecordedStep[],
  refcount: readonly RecordedStep[],
  left: Segment | undefined,
  right: Segment | undefined,
  rows: Row[],
): void {
  const likeness = (one: number, other: number): number =>
    likenessOf(devmap[(left?.first ?? 0) + one], refcount[(right?.first ?? 0) + other]);
  const width = left === undefined ? 0 : left.end - left.first;
  const height = right === undefined ? 0 : right.end - right.first;
  let { devmap: taken, refcount: takenToo } = rows.at(-1) ?? { devmap: 0, refcount: 0 };
  for (const [one, other] of matching(width, height, likeness)) {
    if (one !== null) taken++;
    if (other !== null) takenToo++;
    rows.push({ devmap: taken, refcount: takenToo });
  }
}

/** The same line of the kernel is worth more than another one of the function of that name. */
function likenessOf(one: RecordedStep | undefined, other: RecordedStep | undefined): number {
  if (one === undefined || other === undefined || one.entry.function !== other.entry.function) return 0;
  return one.entry.file === other.entry.file && one.entry.line === other.entry.line ? SAME : AKIN;
}

type Pair = readonly [one: number | null, other: number | null];

/** Pairs two lists in order so that the pairs are as like as can be; what has no partner stands alone. */
function matching(width: number, height: number, likeness: (one: number, other: number) => number): Pair[] {
  const pairs: Pair[] = [];
  let start = 0;
  while (start < width && start < height && likeness(start, start) === SAME) pairs.push([start, start++]);
  if ((width - start) * (height - start) > CELLS) return [...pairs, ...inOrder(start, width, height)];
  return [...pairs, ...best(start, width, height, likeness)];
}

function inOrder(start: number, width: number, height: number): Pair[] {
  return Array.from({ length: Math.max(width, height) - start }, (_, offset): Pair => {
    const at = start + offset;
    return [at < width ? at : null, at < height ? at : null];
  });
}

function best(
  start: number,
  width: number,
  height: number,
  likeness: (one: number, other: number) => number,
): Pair[] {
  const stride = height - start + 1;
  const scores = new Int32Array((width - start + 1) * stride);
  const scoreAt = (one: number, other: number): number => scores[(one - start) * stride + other - start] ?? 0;
  for (let one = width - 1; one >= start; one--) {
    for (let other = height - 1; other >= start; other--) {
      const like = likeness(one, other);
      const paired = like === 0 ? 0 : like + scoreAt(one + 1, other + 1);
      scores[(one - start) * stride + other - start] = Math.max(
        paired,
        scoreAt(one + 1, other),
        scoreAt(one, other + 1),
      );
    }
  }
  const pairs: Pair[] = [];
  let one = start;
  let other = start;
  while (one < width || other < height) {
    const like = one < width && other < height ? likeness(one, other) : 0;
    if (like > 0 && scoreAt(one, other) === like + scoreAt(one + 1, other + 1)) pairs.push([one++, other++]);
    else if (other >= height || (one < width && scoreAt(one, other) === scoreAt(one + 1, other)))
      pairs.push([one++, null]);
    else pairs.push([null, other++]);
  }
  return pairs;
}
