import type { TraceEntry, Violation } from '../../litmus/output/index.ts';

/** Steps, the last of an endless execution, that show where it goes round; those before them lead there. */
const STEPS_ROUND = 64;

/** Places of a round that its message names; the trace shows all. */
const PLACES = 4;

/** Says of threads that go on for ever in which kernel functions they go round. */
export function endless(violation: Violation, followed: readonly TraceEntry[]): Violation {
  const trace = followed.slice(-STEPS_ROUND);
  const threads = [...new Set(trace.map(({ thread }) => thread))];
  const actors = threads.map((thread) => {
    const own = trace.filter((entry) => entry.thread === thread);
    const places = new Set(
      own.map(({ function: name, file, line }) => (file === '' ? name : `${name}, ${file}:${line}`)),
    );
    const others = places.size > PLACES ? [`${places.size - PLACES} other places`] : [];
    return `${thread} goes round in ${[...[...places].slice(0, PLACES), ...others].join('; ')}`;
  });
  return { ...violation, message: [violation.message, ...actors].join('; '), actors: threads, trace };
}
