import type { Step, UnfinishedOperation } from '../../litmus/output/index.ts';
import { isOver } from '../../run/index.ts';

/** The thread of an operation: `P` for the main thread of process P, `P.A` for its thread A. */
export function whoText({ process, thread }: Step | UnfinishedOperation): string {
  return process === thread ? process : `${process}.${thread}`;
}

/** What an operation came to; empty when nothing came back, or it is not over. */
export function resultText(step: Step | UnfinishedOperation): string {
  if (!isOver(step)) return '';
  const { result, errno, signal, skipped } = step;
  if (skipped) return 'skipped';
  return errno ?? signal ?? (result === null ? '' : `${result}`);
}

/** How an operation stands: `= 4096`, `waits for "a".i_rwsem`, `… under way`; empty when it is over and nothing came back. */
export function standText(step: Step | UnfinishedOperation): string {
  if (isOver(step)) {
    const result = resultText(step);
    return result === '' ? '' : `= ${result}`;
  }
  return step.waitsFor === null ? '… under way' : `waits for ${step.waitsFor}`;
}
