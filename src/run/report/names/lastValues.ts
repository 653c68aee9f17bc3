import type { Field } from '../../../machine/field.ts';
import type { Memory } from '../../../machine/memory.ts';

/** Answers what a word of each object holds, or held last before it was cleared: what is gone keeps its name. */
export function lastValues<Index extends number>(
  memory: Memory,
  field: Field<Index>,
): (index: Index) => number {
  const values = new Map<number, number>();
  memory.watch(field, (index, before, after) => {
    if (after !== 0) values.set(index, after);
    else if (before !== 0) values.set(index, before);
  });
  return (index) => values.get(index) ?? 0;
}
