import type { ConditionResult } from './document.ts';

/** Whether a condition counts as met only because nobody came to where it is asked. */
export function isUnasked({ kind, judged }: Pick<ConditionResult, 'kind' | 'judged'>): boolean {
  return judged === false && !isAwaited(kind);
}

/** Whether a condition of this kind is asked when all statements have run, and so of no execution that does not get there. */
export function isOfEnds(kind: ConditionResult['kind']): boolean {
  return kind === 'finally' || kind === 'never' || kind === 'exists';
}

/** Whether a condition of this kind waits for something to be seen once: that one execution did not show it is no failure. */
export function isAwaited(kind: ConditionResult['kind']): boolean {
  return kind === 'exists' || kind === 'hazard';
}
