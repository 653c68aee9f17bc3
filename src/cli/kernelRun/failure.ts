import { brokenConditions, undeclaredViolation } from '../../compare/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { BAD_USAGE, type ExitStatus, NO_KERNEL, OK, VIOLATED } from '../exitStatus.ts';
import { valuesText } from '../show/conditionLines.ts';
import { differenceText, type KernelComparison } from './kernelComparison.ts';

/** Why a test makes the command fail. */
export interface Failure {
  readonly status: ExitStatus;
  /** One line. */
  readonly why: string;
}

/**
 * Null for a test that makes nothing fail: model and kernel agree, and no condition and no undeclared property is broken, as far
 * as the kernel got.
 */
export function failureOf({
  outcome,
  difference,
  contradiction,
  reason,
  result,
}: KernelComparison): Failure | null {
  if (contradiction !== null) return { status: VIOLATED, why: contradiction };
  if (result.verdict === 'error') {
    const fallen = whyViolated(result);
    if (fallen !== '') return { status: VIOLATED, why: `the kernel did not survive: ${fallen}` };
    return { status: NO_KERNEL, why: reason ?? 'the kernel did not answer' };
  }
  if (outcome === 'error') return { status: BAD_USAGE, why: reason ?? 'the model cannot execute it' };
  if (difference !== null) {
    const differs = `differs from the model: ${differenceText(difference)}`;
    const broken = brokenTexts(result).join('; ');
    return { status: VIOLATED, why: broken === '' ? differs : `${differs}; broken on the kernel: ${broken}` };
  }
  if (result.verdict !== 'violated') return null;
  return { status: VIOLATED, why: `violated on the kernel: ${whyViolated(result)}` };
}

/** What makes a result `violated`, in a line: the first property that is broken and not declared, and every broken condition. */
function whyViolated(result: TestResult): string {
  return [undeclaredViolation(result) ?? [], brokenTexts(result)].flat().join('; ');
}

/** The broken conditions, each with what its terms came to. */
function brokenTexts(result: TestResult): string[] {
  return brokenConditions(result).map(({ kind, text, line, values = {} }) => {
    const found = Object.keys(values).length === 0 ? '' : ` (${valuesText(values)})`;
    return `line ${line}: ${kind} ${text}${found}`;
  });
}

/** The exit status that one comparison asks for. */
export function statusOf(comparison: KernelComparison): ExitStatus {
  return failureOf(comparison)?.status ?? OK;
}
