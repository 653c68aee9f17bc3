import type { ChangedValue } from '../../../src/litmus/output/index.ts';
import type { Recording } from '../recording/recording.ts';

/** A word by name, before and after. */
export interface NamedChange {
  readonly name: string;
  readonly before: ChangedValue;
  readonly after: ChangedValue;
}

/** What steps `[first, end)` of an execution changed together: words that are again what they were are left out. */
export function mergedChanges({ steps }: Recording, first: number, end: number): NamedChange[] {
  const merged = new Map<string, { before: ChangedValue; after: ChangedValue }>();
  for (const { entry } of steps.slice(first, end)) {
    for (const [name, [before, after]] of Object.entries(entry.changes)) {
      const known = merged.get(name);
      if (known === undefined) merged.set(name, { before, after });
      else known.after = after;
    }
  }
  return [...merged]
    .filter(([, { before, after }]) => before !== after)
    .map(([name, values]) => ({ name, ...values }))
    .sort((one, other) => weight(one.name) - weight(other.name));
}

/** Names of words from the most to the least telling: counts of pages, entries, all else, page tables themselves. */
const TELLING: readonly RegExp[] = [/\.(refcount|mapcount|pincount)$/, /\.(pte|pmd|pud)\[/, /^/];
const PLUMBING = /^table \d+$|\.ptl 0x| (pud|pmd|pgd) 0x/;

function weight(name: string): number {
  return PLUMBING.test(name) ? TELLING.length : TELLING.findIndex((pattern) => pattern.test(name));
}
