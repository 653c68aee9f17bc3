import Table from 'cli-table3';
import type { Colors } from '../show/colors.ts';
import { verdictText } from '../show/verdictText.ts';
import type { KernelComparison, KernelRun } from './kernelComparison.ts';

/** One line a test and kernel, and the totals. */
export function comparisonTable(runs: readonly KernelRun[], colors: Colors): string {
  const table = new Table({
    head: ['test', 'kernel', 'verdict', 'model and kernel', 'where', 'model', 'kernel has'],
    style: { head: [], border: [], compact: true },
  });
  for (const { comparisons } of runs) {
    for (const comparison of comparisons) table.push(rowOf(comparison, colors));
  }
  return `${table.toString()}\n${runs.map(totals).join('')}`;
}

function rowOf(comparison: KernelComparison, colors: Colors): string[] {
  const { file, kernel, outcome, difference, reason, result } = comparison;
  const shown = [file, kernel, verdictText(result.verdict, colors), coloured(outcome, colors)];
  if (difference === null) return [...shown, reason ?? '', '', ''];
  const { line, text, field, model, kernel: actual } = difference;
  return [...shown, `line ${line}: ${text}\n${field}`, model, actual];
}

function coloured(outcome: KernelComparison['outcome'], colors: Colors): string {
  switch (outcome) {
    case 'agrees':
      return colors.green(outcome);
    case 'differs':
    case 'error':
      return colors.red(outcome);
    case 'hazard':
    case 'not expressible':
      return colors.yellow(outcome);
  }
}

function totals({ release, comparisons, boots, seconds }: KernelRun): string {
  const counts = (['agrees', 'differs', 'hazard', 'not expressible', 'error'] as const)
    .map((outcome) => ({ outcome, count: comparisons.filter((one) => one.outcome === outcome).length }))
    .filter(({ outcome, count }) => count > 0 || outcome === 'agrees')
    .map(({ outcome, count }) => `${count} ${outcome}`);
  const effort = `${counted(boots, 'boot')}, ${seconds.toFixed(0)} s`;
  return `${release}: ${counted(comparisons.length, 'test')}: ${counts.join(', ')} (${effort})\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}
