import type { RecordedStep, Recording } from '../../recording/recording.ts';

/** What an operation gave back, at the step that ends it; null elsewhere. */
export function resultText(
  { operations }: Recording,
  stepsTaken: number,
  step: RecordedStep | undefined,
): string | null {
  const operation = operations[step?.operation ?? -1];
  if (operation === undefined || operation.result === null || operation.lastStep !== stepsTaken - 1)
    return null;
  const { result, errno, signal, skipped } = operation.result;
  if (skipped) return 'skipped';
  const value = errno ?? signal ?? result;
  return value === null ? null : `${value}`;
}
