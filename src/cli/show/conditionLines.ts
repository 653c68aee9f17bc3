import { type ConditionResult, isAwaited, isUnasked, type TestResult } from '../../litmus/output/index.ts';
import { errnoName } from '../../litmus/vocabulary/errnos.ts';
import { signalName } from '../../litmus/vocabulary/signals.ts';
import type { Colors } from './colors.ts';

/** The conditions of a test, one line each; the schemes are named where only one has it, or they differ. */
export function conditionLines(results: readonly TestResult[], colors: Colors): string[] {
  return conditionsOf(results).flatMap((condition) => {
    const verdicts = results.flatMap(({ scheme, conditions }) => {
      const found = conditions.find((other) => isSame(condition, other));
      return found === undefined ? [] : [{ ...found, scheme }];
    });
    const { kind, text } = condition;
    const areAlike =
      verdicts.length === results.length &&
      verdicts.every(({ holds, judged }) => holds === condition.holds && judged === condition.judged);
    const values = verdicts.flatMap(({ scheme, values: found }) =>
      found === undefined ? [] : [`    ${scheme}: ${valuesText(found)}`],
    );
    if (areAlike) return [`${mark(condition, colors)} ${kind} ${text}${remark(condition)}`, ...values];
    const marks = verdicts.map((verdict) => `${verdict.scheme} ${mark(verdict, colors)}${remark(verdict)}`);
    return [`${marks.join(', ')}  ${kind} ${text}`, ...values];
  });
}

/** What the terms of a broken condition came to; errors and signals by their names (-1 is also what a missing page counts). */
export function valuesText(values: Readonly<Record<string, number | null>>): string {
  return Object.entries(values)
    .map(([term, value]) => `${term} ${value === null ? 'was never set' : `= ${valueText(value)}`}`)
    .join(', ');
}

function valueText(value: number): string {
  return `${value < -1 ? (errnoName(value) ?? signalName(value) ?? value) : value}`;
}

/** All conditions of all results, in file order, each once. */
function conditionsOf(results: readonly TestResult[]): ConditionResult[] {
  const all: ConditionResult[] = [];
  for (const condition of results.flatMap(({ conditions }) => conditions)) {
    if (!all.some((other) => isSame(condition, other))) all.push(condition);
  }
  return all.toSorted((left, right) => left.line - right.line);
}

function isSame(left: ConditionResult, right: ConditionResult): boolean {
  return left.kind === right.kind && left.text === right.text && left.line === right.line;
}

function mark(condition: ConditionResult, colors: Colors): string {
  if (isUnasked(condition)) return colors.dim('–');
  if (condition.holds) return colors.green('✓');
  return isAwaited(condition.kind) ? colors.dim('–') : colors.red('✗');
}

/** One execution need not show what can happen, and may stop before its end. */
function remark(condition: ConditionResult): string {
  if (isUnasked(condition)) return ' (not judged: the execution stops before its end)';
  return !condition.holds && isAwaited(condition.kind) ? ' (not seen)' : '';
}
