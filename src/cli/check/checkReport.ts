import type { Program } from '../../litmus/index.ts';
import { type ConditionResult, isAwaited, isUnasked } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';
import { verdictText } from '../show/verdictText.ts';
import { brokenLines, ownExecution } from './brokenLines.ts';
import { counterexampleLines } from './counterexampleLines.ts';
import { coverageLine } from './coverageLine.ts';
import type { CheckedResult } from './job.ts';
import { outcomeLines } from './outcomeLines.ts';

/** What a search came to, and perhaps the smallest test that comes to the same. */
export type ShownResult = CheckedResult & { readonly minimised?: string };

/** A test and what all its executions came to, for people. */
export function checkReport(
  file: string,
  program: Program,
  checked: readonly ShownResult[],
  isDiff: boolean,
  colors: Colors,
): string {
  const lines = [
    `${colors.bold(program.name)}  ${colors.dim(file)}`,
    ...(program.description === '' ? [] : [`  ${program.description}`]),
    ...checked.flatMap((shown) => ['', ...schemeLines(shown, program, colors).map(indent)]),
    ...section(
      outcomeLines(
        checked.map(({ result }) => result),
        isDiff,
        colors,
      ),
    ),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function schemeLines(shown: ShownResult, program: Program, colors: Colors): string[] {
  const { result, minimised } = shown;
  const { scheme, verdict, conditions, replay } = result;
  const head = `${colors.magenta(scheme)} ${verdictText(verdict, colors)}`;
  if (verdict === 'error') return [`${head}  ${result.error ?? ''}`];
  const why = verdict === 'incomplete' ? result.error?.replace(/^incomplete/, '') : '';
  return [
    `${head}${why}  ${colors.dim(coverageLine(shown, program))}`,
    ...conditions.flatMap((condition) => [
      `  ${conditionLine(condition, result.stats.complete, colors)}`,
      ...ownExecution(condition.replay, replay).map((line) => `      ${line}`),
    ]),
    ...(isCutShort(result) ? [`  ${colors.dim(CUT_SHORT)}`] : []),
    ...brokenLines(result, program, colors).map(indent),
    ...section(counterexampleLines(result, colors)),
    ...(replay === undefined
      ? []
      : ['', `  repeat it (--trace shows every step): daxlab run --replay ${replay} ${result.file}`]),
    ...(minimised === undefined ? [] : ['', '  the smallest test that still breaks it:']),
    ...section(minimised?.trimEnd().split('\n') ?? []),
  ];
}

const CUT_SHORT =
  'an execution ends where it breaks something: what is said of the others holds for those that came further';

/** Whether some execution was not followed to its end. */
function isCutShort({ violations, conditions }: CheckedResult['result']): boolean {
  const isStep = ({ kind, holds }: ConditionResult): boolean =>
    !holds && (kind === 'assert' || kind === 'always');
  const isLeft = (condition: ConditionResult): boolean =>
    isAwaited(condition.kind) || (condition.holds && !isUnasked(condition));
  return (violations.length > 0 || conditions.some(isStep)) && conditions.some(isLeft);
}

/** What has not been seen decides only once everything was looked at. */
function conditionLine(condition: ConditionResult, isComplete: boolean, colors: Colors): string {
  const { kind, text, holds } = condition;
  if (isUnasked(condition))
    return `${colors.dim('–')} ${kind} ${text} (not judged: no execution came to its end)`;
  if (holds && (isAwaited(kind) || isComplete)) return `${colors.green('✓')} ${kind} ${text}`;
  if (holds) return `${colors.dim('–')} ${kind} ${text} (not broken so far)`;
  if (!isAwaited(kind)) return `${colors.red('✗')} ${kind} ${text}`;
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
