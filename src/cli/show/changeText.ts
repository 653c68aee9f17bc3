import type { ChangedValue, TraceEntry } from '../../litmus/output/index.ts';

/** `d[0].refcount 1 → 2`. */
export function changeText(word: string, [before, after]: readonly [ChangedValue, ChangedValue]): string {
  return `${word} ${before} → ${after}`;
}

/** What a step read, `d[0].refcount = 2`, and what it changed. */
export function wordsText({ reads = {}, changes }: TraceEntry): string {
  const read = Object.entries(reads).map(([word, value]) => `${word} = ${value}`);
  const changed = Object.entries(changes).map(([word, values]) => changeText(word, values));
  return [...read, ...changed].join(', ');
}
