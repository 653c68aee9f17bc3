import type { Program } from '../../litmus/index.ts';
import type { Step, TestResult } from '../../litmus/output/index.ts';
import { resultText } from './stepText.ts';

/** Operations that touch nothing which a test could be about. */
const IDLE_OPERATIONS: readonly string[] = ['fork', 'exit', 'barrier'];

/** What leaves a test without meaning and breaks nothing: that it did nothing, and a barrier at which nobody meets. */
export function noteLines(results: readonly TestResult[], program: Program): string[] {
  const skipped = results.flatMap((result) => skippedNote(result));
  const [first] = skipped;
  const areAlike = skipped.length === results.length && skipped.every(({ text }) => text === first?.text);
  const shown = areAlike ? skipped.slice(0, 1) : skipped;
  return [
    ...shown.map(({ scheme, text }) => `note: ${areAlike ? '' : `${scheme}: `}${text}`),
    ...loneBarriers(program),
  ];
}

function skippedNote({ scheme, steps }: TestResult): { scheme: string; text: string }[] {
  const done = steps.filter(({ op }) => !IDLE_OPERATIONS.includes(op));
  const skipped = done.filter((step) => step.skipped);
  const failed = done.find((step) => !step.skipped);
  if (skipped.length === 0 || !done.every(didNothing)) return [];
  const why =
    failed === undefined
      ? 'they use registers that nothing has set'
      : `${failed.text} = ${resultText(failed)}, line ${failed.line}`;
  return [{ scheme, text: `${skipped.length} of ${done.length} operations were skipped: ${why}` }];
}

function didNothing({ skipped, errno }: Step): boolean {
  return skipped || errno !== null;
}

/** Barriers that a single thread waits at beside others: nobody keeps it, so that the name is likely mistyped. */
function loneBarriers({ barriers, threads }: Program): string[] {
  if (threads.length === 1) return [];
  return barriers
    .filter(({ participants }) => participants.length === 1)
    .map(({ name, participants: [only] }) => {
      const thread = threads.find(({ index }) => index === only)?.name;
      return `note: barrier(${name}) is named by ${thread} alone, which waits for nobody there`;
    });
}
