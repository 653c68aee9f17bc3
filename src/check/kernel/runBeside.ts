import type { Program, ResolvedStatement } from '../../litmus/index.ts';

/** Where a thread was started: which thread's row, out of all rows of the program. */
interface Start {
  readonly parent: number;
  readonly row: number;
}

/**
 * For each pair of threads, whether one may step while the other has begun and is not gone. A thread and those that
 * it waits for in a row take turns as a whole, and so do the branches of two rows of one thread; but a process that
 * is ended from within calls back those who wait.
 */
export function runBeside(program: Program): readonly (readonly boolean[])[] {
  const { threads } = program;
  if (threads.some(({ body }) => endsProcess(body))) return threads.map(() => threads.map(() => true));
  const starts = startsOf(program);
  return threads.map((one) => threads.map((other) => areBeside(one.index, other.index, starts)));
}

function endsProcess(body: readonly ResolvedStatement[]): boolean {
  return body.some(
    (statement) =>
      (statement.kind === 'operation' && ['exit', 'exec'].includes(statement.operation)) ||
      (statement.kind === 'repeat' && endsProcess(statement.body)),
  );
}

function startsOf({ threads }: Program): ReadonlyMap<number, Start> {
  const starts = new Map<number, Start>();
  let rows = 0;
  const visit = (parent: number, body: readonly ResolvedStatement[]): void => {
    for (const statement of body) {
      if (statement.kind === 'repeat') visit(parent, statement.body);
      if (statement.kind !== 'row') continue;
      const row = rows++;
      for (const { thread } of statement.branches) starts.set(thread, { parent, row });
    }
  };
  for (const { index, body } of threads) visit(index, body);
  return starts;
}

function areBeside(one: number, other: number, starts: ReadonlyMap<number, Start>): boolean {
  const left = ancestry(one, starts);
  const right = ancestry(other, starts);
  const fork = left.findIndex((thread, depth) => thread !== right[depth]);
  const [first, second] = [left[fork], right[fork]];
  if (first === undefined || second === undefined) return false;
  // Process blocks are in no row; all branches of one row run side by side.
  return starts.get(first)?.row === starts.get(second)?.row;
}

/** A thread and those above it, from the process block down. */
function ancestry(thread: number, starts: ReadonlyMap<number, Start>): readonly number[] {
  const start = starts.get(thread);
  return start === undefined ? [thread] : [...ancestry(start.parent, starts), thread];
}
