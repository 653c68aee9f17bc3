import { isAwaited } from '../../../src/litmus/output/awaited.ts';
import type { ConditionResult } from '../../../src/litmus/output/index.ts';

type Judged = Pick<ConditionResult, 'kind' | 'holds'>;

/** What one run made of a condition. */
export function markOfRun(condition: Judged): string {
  if (condition.holds) return '✓';
  return isAwaited(condition.kind) ? '– not seen:' : '✗ broken:';
}

/** What a check made of a condition: what has not been seen decides only once everything was looked at. */
export function markOfCheck(condition: Judged, isComplete: boolean): string {
  if (condition.holds) return isComplete || isAwaited(condition.kind) ? '✓' : '– not broken so far:';
  if (!isAwaited(condition.kind)) return '✗ broken:';
  return isComplete ? '✗ in no execution:' : '– not seen so far:';
}
