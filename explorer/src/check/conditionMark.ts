import type { ConditionResult } from '../../../src/litmus/output/index.ts';

type Judged = Pick<ConditionResult, 'kind' | 'holds'>;

/** Whether a condition waits for something to be seen once: that it was not is no failure. */
function isAwaited({ kind }: Judged): boolean {
  return kind === 'exists' || kind === 'hazard';
}

/** What one run made of a condition. */
export function markOfRun(condition: Judged): string {
  if (condition.holds) return '✓';
  return isAwaited(condition) ? '– not seen:' : '✗ broken:';
}

/** What a check made of a condition: what has not been seen decides only once everything was looked at. */
export function markOfCheck(condition: Judged, isComplete: boolean): string {
  if (condition.holds) return isComplete || isAwaited(condition) ? '✓' : '– not broken so far:';
  if (!isAwaited(condition)) return '✗ broken:';
  return isComplete ? '✗ in no execution:' : '– not seen so far:';
}
