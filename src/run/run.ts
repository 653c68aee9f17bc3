import type { Program, Scheme } from '../litmus/index.ts';
import type { TestResult } from '../litmus/output/index.ts';
import { Execution, type ExecutionOptions } from './interpreter/execution.ts';

export type RunOptions = ExecutionOptions;

/** Executes a test once, to its end. */
export function run(program: Program, scheme: Scheme, options: RunOptions = {}): TestResult {
  const execution = new Execution(program, scheme, options);
  while (!execution.advance(Number.POSITIVE_INFINITY)) {}
  return execution.result();
}
