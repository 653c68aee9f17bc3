import type { Program } from '../../litmus/index.ts';
import type { ConditionResult, TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';
import { verdictText } from '../show/verdictText.ts';
import { violationLines } from '../show/violationLines.ts';
import { counterexampleLines } from './counterexampleLines.ts';
import { coverageLine } from './coverageLine.ts';
import { outcomeLines } from './outcomeLines.ts';

/** A test and what all its executions came to, for people. */
export function checkReport(
  file: string,
  program: Program,
  results: readonly TestResult[],
  isDiff: boolean,
  colors: Colors,
): string {
  const lines = [
    `${colors.bold(program.name)}  ${colors.dim(file)}`,
    ...(program.description === '' ? [] : [`  ${program.description}`]),
    ...results.flatMap((result) => ['', ...schemeLines(result, program, colors).map(indent)]),
    ...section(outcomeLines(results, isDiff, colors)),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function schemeLines(result: TestResult, program: Program, colors: Colors): string[] {
  const { scheme, verdict, conditions, replay } = result;
  if (verdict === 'error') {
    return [`${colors.magenta(scheme)} ${verdictText(verdict, colors)}  ${result.error ?? ''}`];
  }
  return [
    `${colors.magenta(scheme)} ${verdictText(verdict, colors)}  ${colors.dim(coverageLine(result, program))}`,
    ...conditions.map((condition) => `  ${conditionLine(condition, result.stats.complete, colors)}`),
    ...violationLines([result], program, colors).map(indent),
    ...section(counterexampleLines(result, colors)),
    ...(replay === undefined ? [] : ['', `  repeat it with daxlab run --replay ${replay}`]),
  ];
}

/** What has not been seen decides only once everything was looked at. */
function conditionLine({ kind, text, holds }: ConditionResult, isComplete: boolean, colors: Colors): string {
  const isAwaited = kind === 'exists' || kind === 'hazard';
  if (holds) return `${colors.green('✓')} ${kind} ${text}`;
  if (!isAwaited) return `${colors.red('✗')} ${kind} ${text}`;
  return isComplete
    ? `${colors.red('✗')} ${kind} ${text} (in no execution)`
    : `${colors.dim('–')} ${kind} ${text} (not seen so far)`;
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map(indent)];
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
