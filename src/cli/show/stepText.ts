import type { Step } from '../../litmus/output/index.ts';

/** The thread of a step: `P` for the main thread of process P, `P.A` for its thread A. */
export function whoText({ process, thread }: Step): string {
  return process === thread ? process : `${process}.${thread}`;
}

/** What an operation came to; empty when nothing came back. */
export function resultText({ result, errno, signal, skipped }: Step): string {
  if (skipped) return 'skipped';
  return errno ?? signal ?? (result === null ? '' : `${result}`);
}
