import type { TestRun } from '../run/runTest.ts';
import type { Colors } from './colors.ts';
import { conditionLines } from './conditionLines.ts';
import { stepLines } from './stepLines.ts';
import { verdictText } from './verdictText.ts';
import { violationLines } from './violationLines.ts';

/** A test and what came of it, for people: steps with what they changed, conditions, violations, verdicts. */
export function testReport(run: TestRun, colors: Colors): string {
  const { file, program, outcomes } = run;
  if (program === null) return `${colors.bold(file)}  ${verdictText('error', colors)}\n\n`;
  const results = outcomes.map(({ result }) => result);
  const verdicts = results.map(({ scheme, verdict }) => `${scheme} ${verdictText(verdict, colors)}`);
  const lines = [
    `${colors.bold(program.name)}  ${colors.dim(file)}`,
    ...(program.description === '' ? [] : [`  ${program.description}`]),
    '',
    ...stepLines(outcomes, colors).map(indent),
    ...section(conditionLines(results, colors)),
    ...section(violationLines(results, program, colors)),
    '',
    `  ${verdicts.join(', ')}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map(indent)];
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
