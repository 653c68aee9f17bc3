import type { Program } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { TestRun } from '../run/runTest.ts';
import type { Colors } from './colors.ts';
import { conditionLines } from './conditionLines.ts';
import { noteLines } from './noteLines.ts';
import { stepLines } from './stepLines.ts';
import { verdictText } from './verdictText.ts';
import { violationLines } from './violationLines.ts';

/** The replay string of a run without a seed: version and scheme. */
const PLAIN_REPLAY = /^\d+[a-z]$/;

/** A test and what came of it, for people: steps with what they changed, conditions, violations, verdicts. */
export function testReport({ file, outcomes }: TestRun, program: Program, colors: Colors): string {
  const results = outcomes.map(({ result }) => result);
  const verdicts = results.map(({ scheme, verdict }) => `${scheme} ${verdictText(verdict, colors)}`);
  const lines = [
    `${colors.bold(program.name)}  ${colors.dim(file)}`,
    ...(program.description === '' ? [] : [`  ${program.description}`]),
    '',
    ...stepLines(outcomes, colors).map(indent),
    ...section(conditionLines(results, colors)),
    ...section(violationLines(results, program, colors)),
    ...section(replayLines(results)),
    ...section(noteLines(results, program)),
    '',
    `  ${verdicts.join(', ')}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** How to repeat an execution that was not the plain one. */
function replayLines(results: readonly TestResult[]): string[] {
  return results.flatMap(({ replay }) =>
    replay === undefined || PLAIN_REPLAY.test(replay) ? [] : [`repeat it with --replay ${replay}`],
  );
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map(indent)];
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
