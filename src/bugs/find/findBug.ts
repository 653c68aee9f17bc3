import type { Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { parseReplay, retrace } from '../../run/index.ts';
import type { Broken, Bug } from '../bug.ts';
import { cleanKernel, type KernelVariant, kernelWith } from '../bugKernel.ts';
import type { Engine } from './engine.ts';

/** What looking for a bug under one scheme gave. */
export interface Search {
  readonly bug: Bug;
  readonly scheme: Scheme;
  /** The result that breaks what the bug is to break; null if there was none. */
  readonly found: TestResult | null;
  /** A result of the kernel without the bug that breaks anything; null, as it should be, if there was none. */
  readonly dirty: TestResult | null;
  /** Results that were looked at, with the bug and without. */
  readonly results: { readonly withBug: number; readonly without: number };
}

/** Looks for a bug, and whether the kernel without it stands the same test. */
export function findBug(bug: Bug, scheme: Scheme, engine: Engine): Search {
  const withBug = look(bug, scheme, engine, kernelWith(bug), (result) => breaks(result, bug.breaks));
  const without = look(bug, scheme, engine, cleanKernel, ({ verdict }) => verdict === 'violated');
  return {
    bug,
    scheme,
    found: withBug.result,
    dirty: without.result,
    results: { withBug: withBug.looked, without: without.looked },
  };
}

/** Whether a bug was found with its change, and nothing without. */
export function isAsExpected({ found, dirty }: Search): boolean {
  return found !== null && dirty === null;
}

/** Whether a result breaks a property, or a condition of its test. */
export function breaks({ violations, conditions }: TestResult, broken: Broken): boolean {
  return (
    violations.some(({ property }) => property === broken) ||
    conditions.some(({ kind, holds }) => kind === broken && !holds)
  );
}

function look(
  bug: Bug,
  scheme: Scheme,
  engine: Engine,
  kernel: KernelVariant,
  isSought: (result: TestResult) => boolean,
): { readonly result: TestResult | null; readonly looked: number } {
  let looked = 0;
  for (const result of engine(bug.program, scheme, kernel)) {
    if (result.verdict === 'error') throw new Error(result.error);
    looked++;
    if (!isSought(result)) continue;
    const traced = trace(bug, result, kernel);
    return { result: traced !== undefined && isSought(traced) ? traced : result, looked };
  }
  return { result: null, looked };
}

/** The same result with the steps that led to its violations, where it can be repeated. */
function trace(
  bug: Bug,
  { replay: text = '', scheme }: TestResult,
  kernel: KernelVariant,
): TestResult | undefined {
  const replay = parseReplay(text);
  return 'error' in replay ? undefined : retrace(bug.program, scheme, { ...kernel, replay });
}
