import { isOperationName, operationNamed } from '../operations/table.ts';
import { errnoName } from '../vocabulary/errnos.ts';
import { signalName } from '../vocabulary/signals.ts';
import type { Step } from './document.ts';

/** What a step says about its result; `value` is what the register takes, null when nothing comes back. */
export function stepResult(op: string, value: number | null): Pick<Step, 'result' | 'errno' | 'signal'> {
  const isPlain = value === null || (isOperationName(op) && operationNamed(op).hasNegativeValues === true);
  if (isPlain) {
    return { result: value, errno: null, signal: null };
  }
  return { result: value, errno: errnoName(value), signal: signalName(value) };
}
