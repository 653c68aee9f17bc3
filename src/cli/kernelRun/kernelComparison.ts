import { firstKernelDifference, type KernelDifference } from '../../compare/index.ts';
import type { ExecutedTest } from '../../lab/execute/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { run } from '../../run/index.ts';
import { type ExitStatus, NO_KERNEL, OK, VIOLATED } from '../exitStatus.ts';

/** A test on one kernel, held against the model under the kernel's scheme. */
export interface KernelComparison {
  readonly file: string;
  /** Release of the kernel. */
  readonly kernel: string;
  /**
   * `not expressible`: the kernel offers no way to do an operation of the test, and they agree up to there · `error`: the
   * kernel did not answer, or the model has no such operation.
   */
  readonly outcome: 'agrees' | 'differs' | 'not expressible' | 'error';
  readonly difference: KernelDifference | null;
  /** What is not expressible, or what went wrong; null for neither. */
  readonly reason: string | null;
  /** Last lines of the console, where the kernel did not survive. */
  readonly consoleTail: readonly string[];
  readonly result: TestResult;
}

/** Executes the model, and compares. */
export function compareWithModel({ program, outcome }: ExecutedTest, release: string): KernelComparison {
  const { result, notExpressible, consoleTail } = outcome;
  const model = run(program, result.scheme);
  const difference = model.error === undefined ? firstKernelDifference(model, result) : null;
  const reason = result.verdict === 'error' ? (result.error ?? null) : (model.error ?? notExpressible);
  return {
    file: program.fileName,
    kernel: release,
    outcome: outcomeOf(difference, notExpressible, reason),
    difference,
    reason,
    consoleTail,
    result,
  };
}

function outcomeOf(
  difference: KernelDifference | null,
  notExpressible: string | null,
  reason: string | null,
): KernelComparison['outcome'] {
  if (difference !== null) return 'differs';
  if (notExpressible !== null) return 'not expressible';
  return reason === null ? 'agrees' : 'error';
}

/** The exit status that one comparison asks for. */
export function statusOf({ outcome, result }: KernelComparison): ExitStatus {
  if (result.verdict === 'error') return NO_KERNEL;
  return outcome === 'differs' || outcome === 'error' ? VIOLATED : OK;
}
