import type { ChangedValue } from '../../litmus/output/index.ts';

/** `d[0].refcount 1 → 2`. */
export function changeText(word: string, [before, after]: readonly [ChangedValue, ChangedValue]): string {
  return `${word} ${before} → ${after}`;
}
