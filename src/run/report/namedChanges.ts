import type { TraceEntry } from '../../litmus/output/index.ts';
import type { WordChange } from './changeNotes.ts';
import type { WordNames } from './wordNames.ts';

/** Changes by the names of their words: before and after. */
export function namedChanges(changes: readonly WordChange[], names: WordNames): TraceEntry['changes'] {
  return Object.fromEntries(
    changes.map(({ struct, field, index, before, after }) => [
      names.nameOf(struct, field, index),
      [names.valueOf(struct, field, before), names.valueOf(struct, field, after)] as const,
    ]),
  );
}
