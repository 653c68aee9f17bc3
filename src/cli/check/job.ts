import { type CheckOptions, type Coverage, LitmusCheck } from '../../check/index.ts';
import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';

/** One search: a test under one scheme. Plain data, so that a worker can be given it. */
export interface CheckJob {
  readonly program: Program;
  readonly scheme: Scheme;
  readonly options: CheckOptions;
}

/** Who watches a search. */
export interface JobWatch {
  readonly isInterrupted: () => boolean;
  readonly breathe: () => Promise<void>;
  readonly progress: (coverage: Coverage) => void;
}

/** States between two looks at whether the user has asked to stop. */
const SLICE = 2000;

/** Searches a test to its end, or until the user has asked to stop. */
export async function runJob({ program, scheme, options }: CheckJob, watch: JobWatch): Promise<TestResult> {
  const started = performance.now();
  const check = new LitmusCheck(program, scheme, options);
  while (!check.advance(SLICE)) {
    watch.progress(check.coverage());
    await watch.breathe();
    if (watch.isInterrupted()) check.stop();
  }
  const result = check.result();
  const seconds = (performance.now() - started) / 1000;
  return { ...result, stats: { ...result.stats, seconds } };
}
