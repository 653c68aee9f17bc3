import type { TraceEntry } from '../../litmus/output/index.ts';
import type { WordChange } from './changeNotes.ts';
import type { WordNames } from './wordNames.ts';

/** Changes by the names of their words: before and after. What reads the same as before says nothing. */
export function namedChanges(changes: readonly WordChange[], names: WordNames): TraceEntry['changes'] {
  const named = changes.map(({ struct, field, index, before, after }) => {
    const values = [
      names.valueOf(struct, field, index, before),
      names.valueOf(struct, field, index, after),
    ] as const;
    return [names.nameOf(struct, field, index), values] as const;
  });
  return Object.fromEntries(named.filter(([, [before, after]]) => before !== after));
}
