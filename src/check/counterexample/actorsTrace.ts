import type { TraceEntry, Violation } from '../../litmus/output/index.ts';

/** Steps that are shown at most. */
const MOST_STEPS = 400;

/**
 * The steps that lead to a violation by several threads: from the first one that any of the actors takes, so that what each
 * of them did before the other came is there too. That of one thread alone is left as the run gives it.
 */
export function actorsTrace(violation: Violation, entries: readonly TraceEntry[]): readonly TraceEntry[] {
  const threads = new Set(violation.actors.map((actor) => actor.split(': ')[0]));
  if (threads.size < 2) return violation.trace;
  const last = entries.slice(-MOST_STEPS);
  return last.slice(
    Math.max(
      0,
      last.findIndex(({ thread }) => threads.has(thread)),
    ),
  );
}
