import type { ConditionResult } from './document.ts';

/** Whether a condition of this kind waits for something to be seen once: that one execution did not show it is no failure. */
export function isAwaited(kind: ConditionResult['kind']): boolean {
  return kind === 'exists' || kind === 'hazard';
}
