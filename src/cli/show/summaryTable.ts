import Table from 'cli-table3';
import { compareResults, isAlike } from '../../compare/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { TestRun } from '../run/runTest.ts';
import type { Colors } from './colors.ts';
import { verdictText } from './verdictText.ts';

/** One line a test: its verdicts, and a mark where the schemes differ; totals below. */
export function summaryTable(runs: readonly TestRun[], colors: Colors): string {
  const schemes = [...new Set(runs.flatMap(({ outcomes }) => outcomes.map(({ result }) => result.scheme)))];
  const isPair = schemes.length === 2;
  const table = new Table({
    head: ['test', ...schemes, ...(isPair ? ['differs'] : [])],
    style: { head: [], border: [], compact: true },
  });
  for (const run of runs) table.push(rowOf(run, isPair, colors));
  const results = runs.flatMap(({ outcomes }) => outcomes.map(({ result }) => result));
  return `${table.toString()}\n${totals(runs, results, isPair, colors)}\n`;
}

function rowOf({ file, outcomes }: TestRun, isPair: boolean, colors: Colors): string[] {
  const verdicts = outcomes.map(({ result }) => verdictText(result.verdict, colors));
  return [file, ...verdicts, ...(isPair ? [differs(outcomes.map(({ result }) => result)) ? '≠' : ''] : [])];
}

function differs([left, right]: readonly TestResult[]): boolean {
  return left !== undefined && right !== undefined && !isAlike(compareResults(left, right));
}

function totals(
  runs: readonly TestRun[],
  results: readonly TestResult[],
  isPair: boolean,
  colors: Colors,
): string {
  const verdicts = (['ok', 'violated', 'incomplete', 'error'] as const)
    .map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }))
    .filter(({ verdict, count }) => count > 0 || verdict === 'ok')
    .map(({ verdict, count }) => `${count} ${verdictText(verdict, colors)}`);
  const different = runs.filter(({ outcomes }) => differs(outcomes.map(({ result }) => result))).length;
  const difference = isPair ? `; the schemes differ in ${different}` : '';
  return `${counted(runs.length, 'test')}, ${counted(results.length, 'result')}: ${verdicts.join(', ')}${difference}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
