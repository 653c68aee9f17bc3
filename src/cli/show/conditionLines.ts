import { type ConditionResult, isAwaited, type TestResult } from '../../litmus/output/index.ts';
import { errnoName } from '../../litmus/vocabulary/errnos.ts';
import { signalName } from '../../litmus/vocabulary/signals.ts';
import type { Colors } from './colors.ts';

/** The conditions of a test, one line each; the schemes are named where only one has it, or they differ. */
export function conditionLines(results: readonly TestResult[], colors: Colors): string[] {
  return conditionsOf(results).flatMap((condition) => {
    const verdicts = results.flatMap(({ scheme, conditions }) => {
      const found = conditions.find((other) => isSame(condition, other));
      return found === undefined ? [] : [{ scheme, holds: found.holds, values: found.values }];
    });
    const { kind, text } = condition;
    const areAlike =
      verdicts.length === results.length && verdicts.every(({ holds }) => holds === condition.holds);
    const values = verdicts.flatMap(({ scheme, values: found }) =>
      found === undefined ? [] : [`    ${scheme}: ${valuesText(found)}`],
    );
    if (areAlike)
      return [
        `${mark(kind, condition.holds, colors)} ${kind} ${text}${remark(kind, condition.holds)}`,
        ...values,
      ];
    const marks = verdicts.map(
      ({ scheme, holds }) => `${scheme} ${mark(kind, holds, colors)}${remark(kind, holds)}`,
    );
    return [`${marks.join(', ')}  ${kind} ${text}`, ...values];
  });
}

/** What the terms of a broken condition came to; errors and signals by their names (-1 is also what a missing page counts). */
function valuesText(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(
      ([term, value]) => `${term} = ${value < -1 ? (errnoName(value) ?? signalName(value) ?? value) : value}`,
    )
    .join(', ');
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

function mark(kind: ConditionResult['kind'], holds: boolean, colors: Colors): string {
  if (holds) return colors.green('✓');
  return isAwaited(kind) ? colors.dim('–') : colors.red('✗');
}

/** One execution need not show what can happen. */
function remark(kind: ConditionResult['kind'], holds: boolean): string {
  return !holds && isAwaited(kind) ? ' (not seen)' : '';
}
