import type { TraceEntry, Violation } from '../../litmus/output/index.ts';

/** Steps, the last of an endless execution, that show where it goes round; those before them lead there. */
const STEPS_ROUND = 64;

/** Says of threads that go on for ever in which kernel functions they go round. */
export function endless(violation: Violation, followed: readonly TraceEntry[]): Violation {
  const trace = followed.slice(-STEPS_ROUND);
  const threads = [...new Set(trace.map(({ thread }) => thread))];
  const actors = threads.map((thread) => {
    const own = trace.filter((entry) => entry.thread === thread);
    const places = own.map(({ function: name, file, line }) =>
      file === '' ? name : `${name}, ${file}:${line}`,
    );
    return `${thread} goes round in ${[...new Set(places)].join('; ')}`;
  });
  return { ...violation, message: [violation.message, ...actors].join('; '), actors: threads, trace };
}
