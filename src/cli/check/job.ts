import { type CheckOptions, type Coverage, LitmusCheck } from '../../check/index.ts';
import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { whyStopped } from './whyStopped.ts';

/** One search: a test under one scheme. Plain data, so that a worker can be given it. */
export interface CheckJob {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly options: CheckOptions;
}

/** What a search came to, and how far it went. Its result says why, where it is incomplete. */
export interface CheckedResult {
  readonly result: TestResult;
  readonly coverage: Coverage;
}

/** Who watches a search. */
export interface JobWatch {
  readonly isInterrupted: () => boolean;
  readonly breathe: () => Promise<void>;
  readonly progress: (coverage: Coverage) => void;
}

/** States between two looks at the clock. */
const SLICE = 200;

/** Milliseconds between two looks at whether the user has asked to stop. */
const PATIENCE = 50;

/** Searches a test to its end, or until the user has asked to stop. */
export async function runJob(
  { program, scheme, options }: CheckJob,
  watch: JobWatch,
): Promise<CheckedResult> {
  const started = performance.now();
  const check = new LitmusCheck(program, scheme, options);
  for (let isDone = false; !isDone; ) {
    const due = performance.now() + PATIENCE;
    while (!isDone && performance.now() < due) isDone = check.advance(SLICE);
    if (isDone) break;
    watch.progress(check.coverage());
    await watch.breathe();
    if (watch.isInterrupted()) check.stop();
  }
  const coverage = check.coverage();
  const result = check.result();
  const seconds = (performance.now() - started) / 1000;
  const why = result.verdict === 'incomplete' ? { error: whyStopped(coverage.stoppedBy, options) } : {};
  return { result: { ...result, ...why, stats: { ...result.stats, seconds } }, coverage };
}
