import { isAwaited, isUnasked } from '../../../src/litmus/output/conditionKinds.ts';
import type { ConditionResult } from '../../../src/litmus/output/index.ts';

type Judged = Pick<ConditionResult, 'kind' | 'holds' | 'judged'>;

/** What one run made of a condition. */
export function markOfRun(condition: Judged): string {
  if (isUnasked(condition)) return '– not judged:';
  if (condition.holds) return '✓';
  return isAwaited(condition.kind) ? '– not seen:' : '✗ broken:';
}

/** What a check made of a condition: what has not been seen decides only once everything was looked at. */
export function markOfCheck(condition: Judged, isComplete: boolean): string {
  if (isUnasked(condition)) return '– not judged:';
  if (condition.holds) return isComplete || isAwaited(condition.kind) ? '✓' : '– not broken so far:';
  if (!isAwaited(condition.kind)) return '✗ broken:';
  return isComplete ? '✗ in no execution:' : '– not seen so far:';
}
