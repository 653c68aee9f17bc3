import type { TraceEntry } from '../../litmus/output/index.ts';

/**
 * The steps of a trace that read what decided: words that another thread changes while theirs is at work, and what a thread
 * saw last before another one came in, before it fell asleep, or before the end.
 */
export function decisiveReads(trace: readonly TraceEntry[]): ReadonlySet<TraceEntry> {
  const shared = sharedWords(trace);
  const decisive = new Set(
    trace.filter(({ thread, reads = {} }) =>
      Object.keys(reads).some((word) => shared.has(keyOf(thread, word))),
    ),
  );
  let last: TraceEntry | undefined;
  for (const [position, entry] of trace.entries()) {
    if (entry.reads !== undefined) last = entry;
    if (trace[position + 1]?.thread === entry.thread) continue;
    if (last !== undefined) decisive.add(last);
    last = undefined;
  }
  return decisive;
}

/** For each thread the words that another one changes once it has begun. */
function sharedWords(trace: readonly TraceEntry[]): ReadonlySet<string> {
  const begun = new Set<string>();
  const shared = new Set<string>();
  for (const { thread, changes } of trace) {
    begun.add(thread);
    for (const word of Object.keys(changes)) {
      for (const other of begun) if (other !== thread) shared.add(keyOf(other, word));
    }
  }
  return shared;
}

function keyOf(thread: string, word: string): string {
  return `${thread} ${word}`;
}
