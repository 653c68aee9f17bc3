import type { Program, Scheme } from '../litmus/index.ts';
import type { TestResult } from '../litmus/output/index.ts';
import { Execution, type ExecutionOptions } from './interpreter/execution.ts';

export type RunOptions = ExecutionOptions;

/** Steps for which a run is repeated to show what led to a violation. */
const RETRACED_STEPS = 200_000;

/**
 * Executes a test once, to its end. Where it breaks a property, and is not long, it is executed a second time with
 * every step traced, so that the violations come with the steps that led to them.
 */
export function run(program: Program, scheme: Scheme, options: RunOptions = {}): TestResult {
  const execution = new Execution(program, scheme, options);
  execution.advance(Number.POSITIVE_INFINITY);
  const result = execution.result();
  return result.violations.length === 0 || options.onStep !== undefined
    ? result
    : (retrace(program, scheme, options) ?? result);
}

/** The same execution with its steps traced; undefined when it is too long for that. */
export function retrace(program: Program, scheme: Scheme, options: RunOptions): TestResult | undefined {
  const execution = new Execution(program, scheme, { ...options, onStep: () => {} });
  return execution.advance(RETRACED_STEPS) ? execution.result() : undefined;
}
