import Table from 'cli-table3';
import type { Colors } from '../show/colors.ts';
import { verdictText } from '../show/verdictText.ts';
import type { KernelComparison } from './kernelComparison.ts';

/** One line a test and kernel, and the totals. */
export function comparisonTable(comparisons: readonly KernelComparison[], colors: Colors): string {
  const table = new Table({
    head: ['test', 'kernel', 'verdict', 'model and kernel', 'where', 'model', 'kernel has'],
    style: { head: [], border: [], compact: true },
  });
  for (const comparison of comparisons) table.push(rowOf(comparison, colors));
  return `${table.toString()}\n${totals(comparisons)}\n`;
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

function totals(comparisons: readonly KernelComparison[]): string {
  const kernels = [...new Set(comparisons.map(({ kernel }) => kernel))];
  return kernels
    .map((kernel) => {
      const own = comparisons.filter((comparison) => comparison.kernel === kernel);
      const counts = (['agrees', 'differs', 'hazard', 'not expressible', 'error'] as const)
        .map((outcome) => ({ outcome, count: own.filter((one) => one.outcome === outcome).length }))
        .filter(({ outcome, count }) => count > 0 || outcome === 'agrees')
        .map(({ outcome, count }) => `${count} ${outcome}`);
      return `${kernel}: ${own.length} ${own.length === 1 ? 'test' : 'tests'}: ${counts.join(', ')}`;
    })
    .join('\n');
}
