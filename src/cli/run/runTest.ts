import type { Program, Scheme } from '../../litmus/index.ts';
import type { TestResult, TraceEntry } from '../../litmus/output/index.ts';
import { type DetailedStep, Execution, errorResult, type ReplaySchedule, retrace } from '../../run/index.ts';
import type { Host } from '../host.ts';
import type { LoadedTest } from '../input/tests.ts';
import { TracePrinter } from '../show/tracePrinter.ts';
import type { RunCommandOptions } from './options.ts';

/** A test and what came of it under each scheme. */
export interface TestRun {
  readonly file: string;
  /** Null when the file is no test. */
  readonly program: Program | null;
  readonly outcomes: readonly SchemeOutcome[];
}

export interface SchemeOutcome {
  readonly result: TestResult;
  /** The steps of the result with what they changed; empty when nobody wanted to know. */
  readonly details: readonly DetailedStep[];
}

export interface RunTestOptions {
  readonly host: Host;
  readonly replay: ReplaySchedule | undefined;
  readonly options: RunCommandOptions;
  /** Whether people want to see what each step changed. */
  readonly withDetails: boolean;
}

/** Steps between two looks at whether the user has asked to stop. */
const PIECE = 1000;

/** Operations whose changes are kept for the report. */
const DETAILS_KEPT = 200;

/** Executes a test under each scheme. */
export async function runTest(
  test: LoadedTest,
  schemes: readonly Scheme[],
  options: RunTestOptions,
): Promise<TestRun> {
  const { file } = test;
  if ('errors' in test) {
    const { name } = test;
    const error = test.errors.join('\n');
    return {
      file,
      program: null,
      outcomes: schemes.map((scheme) => ({ result: errorResult(file, name, scheme, error), details: [] })),
    };
  }
  const outcomes: SchemeOutcome[] = [];
  for (const scheme of schemes) outcomes.push(await runScheme(test.program, scheme, options));
  return { file, program: test.program, outcomes };
}

async function runScheme(program: Program, scheme: Scheme, run: RunTestOptions): Promise<SchemeOutcome> {
  const { host, options, replay, withDetails } = run;
  const details: DetailedStep[] = [];
  const schedule = {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(replay && { replay }),
  };
  const trace = options.trace === true && options.json !== true ? new TracePrinter(scheme, host) : undefined;
  const onOperation = (detail: DetailedStep): void => {
    trace?.operation(detail.step);
    if (withDetails && details.length < DETAILS_KEPT) details.push(detail);
  };
  const started = performance.now();
  const execution = new Execution(program, scheme, {
    ...schedule,
    ...(trace && { onStep: (entry: TraceEntry) => trace.step(entry) }),
    ...((withDetails || trace) && { onOperation }),
  });
  while (!execution.advance(PIECE) && !host.isInterrupted) await host.breathe();
  const result = execution.result();
  const retraced =
    result.violations.length > 0 && trace === undefined ? retrace(program, scheme, schedule) : undefined;
  const seconds = (performance.now() - started) / 1000;
  const stats = { ...result.stats, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  return { result: { ...(retraced ?? result), stats }, details };
}
