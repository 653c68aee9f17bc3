import {
  brokenCondition,
  brokenProperty,
  firstKernelDifference,
  isWhole,
  type KernelDifference,
  unjudgedConditions,
} from '../../compare/index.ts';
import type { ExecutedTest } from '../../lab/execute/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { run } from '../../run/index.ts';

/** A test on one kernel, held against the model under the kernel's scheme. */
export interface KernelComparison {
  readonly file: string;
  /** Release of the kernel. */
  readonly kernel: string;
  /**
   * `hazard`: the kernel did not survive what the test declares as one, and they agree up to there ·
   * `not expressible`: the kernel offers no way to do an operation of the test, and they agree up to there · `error`: the
   * kernel did not answer, or the model has no such operation.
   */
  readonly outcome: 'agrees' | 'differs' | 'not expressible' | 'hazard' | 'error';
  readonly difference: KernelDifference | null;
  /** What is not expressible, or what went wrong; null for neither. */
  readonly reason: string | null;
  /**
   * Conditions, as `line 7: finally d.pgmap == 0`, that nothing is known of: a real kernel does not show what they ask for,
   * or threads that ran at once were past an assert. What agrees does so but for these.
   */
  readonly unjudged: readonly string[];
  /** Why the kernel's memory was read wrongly, as the kernel itself says; then nothing is known of the rest. */
  readonly contradiction: string | null;
  /** Last lines of the console, where the kernel did not survive. */
  readonly consoleTail: readonly string[];
  readonly result: TestResult;
  /** Of a test that was executed often: its ends against all that the model can come to. Null for others. */
  readonly ends: CheckedEnds | null;
}

/** What became of the ends. */
export type CheckedEnds =
  /** `unseen`: registers of the model's ends that the kernel never came to. */
  | { readonly isCompared: true; readonly unseen: readonly string[] }
  /** The check does not know every end, so only the conditions were compared. */
  | { readonly isCompared: false; readonly why: string };

/** All tests on one kernel. */
export interface KernelRun {
  readonly release: string;
  readonly comparisons: readonly KernelComparison[];
  /** How often the kernel was booted, and how often a guest began as one that was booted before. */
  readonly boots: number;
  readonly thaws: number;
  readonly seconds: number;
}

/**
 * Holds a test against the model: executed once against the model's execution with the same turns, step by step; executed
 * often against its own conditions, which the checker holds against every execution of the model.
 */
export function compareWithModel(
  { program, outcome, isRepeated }: ExecutedTest,
  release: string,
): KernelComparison {
  const { result, notExpressible, damage, contradiction, consoleTail } = outcome;
  const model = run(outcome.executed, result.scheme);
  const difference = differenceOf(model, result, isRepeated);
  const reason =
    result.verdict === 'error' ? (result.error ?? null) : (model.error ?? notExpressible ?? damage);
  return {
    file: program.fileName,
    kernel: release,
    outcome: outcomeOf(difference, model, outcome),
    difference,
    reason,
    unjudged: model.error === undefined ? unjudgedConditions(model, result) : [],
    contradiction,
    consoleTail,
    result,
    ends: null,
  };
}

function differenceOf(model: TestResult, kernel: TestResult, isRepeated: boolean): KernelDifference | null {
  if (isRepeated) return brokenCondition(kernel) ?? brokenProperty(model, kernel);
  return model.error === undefined ? firstKernelDifference(model, kernel) : null;
}

function outcomeOf(
  difference: KernelDifference | null,
  model: TestResult,
  { result, notExpressible, damage }: ExecutedTest['outcome'],
): KernelComparison['outcome'] {
  if (difference !== null) return 'differs';
  if (model.error !== undefined) return 'error';
  if (damage !== null) return 'hazard';
  if (notExpressible !== null) return 'not expressible';
  return isWhole(result) ? 'agrees' : 'error';
}

/** A difference in one line. */
export function differenceText({ line, text, field, model, kernel }: KernelDifference): string {
  return `${placeText({ line, text })}: ${field}: model ${model}, kernel ${kernel}`;
}

/** Where in the test a difference is. */
export function placeText({ line, text }: Pick<KernelDifference, 'line' | 'text'>): string {
  return line === null ? text : `line ${line}: ${text}`;
}
