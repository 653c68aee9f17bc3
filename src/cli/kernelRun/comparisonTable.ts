import Table from 'cli-table3';
import type { Colors } from '../show/colors.ts';
import { verdictText } from '../show/verdictText.ts';
import { failureOf } from './failure.ts';
import { type KernelComparison, type KernelRun, placeText } from './kernelComparison.ts';

/** Ends to list of those that were never seen. */
const LISTED = 8;

const COLUMNS: readonly string[] = [
  'test',
  'kernel',
  'verdict',
  'model and kernel',
  'where',
  'model',
  'kernel has',
];

/** One line a test and kernel, the totals, and every test again that makes the command fail. Columns without any entry are left out. */
export function comparisonTable(runs: readonly KernelRun[], colors: Colors): string {
  const rows = runs.flatMap(({ comparisons }) => comparisons.map((comparison) => rowOf(comparison, colors)));
  const filled = COLUMNS.map((_, column) => rows.length === 0 || rows.some((row) => row[column] !== ''));
  const shown = (row: readonly string[]): string[] => row.filter((_, column) => filled[column]);
  const table = new Table({ head: shown(COLUMNS), style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(shown(row));
  const ends = runs.flatMap(({ comparisons }) => comparisons.flatMap(endsLines));
  return `${table.toString()}\n${ends.join('')}${runs.map(totals).join('')}${runs.flatMap(failures).join('')}`;
}

function rowOf(comparison: KernelComparison, colors: Colors): string[] {
  const { file, kernel, outcome, difference, reason, unjudged, result } = comparison;
  const shown = [file, kernel, verdictText(result.verdict, colors), coloured(outcome, colors)];
  if (difference === null)
    return [...shown, reason ?? unjudged.map((text) => `not judged: ${text}`).join('\n'), '', ''];
  const { field, model, kernel: actual } = difference;
  return [...shown, `${placeText(difference)}\n${field}`, model, actual];
}

/** What a test that was executed often came to, beside all that the model can come to. */
function endsLines({ file, kernel, ends, result }: KernelComparison): string[] {
  if (ends === null) return [];
  const seen = `${file} on ${kernel}: ${counted(result.outcomes?.length ?? 0, 'end')} in ${result.stats.executions} executions`;
  if (!ends.isCompared) return [`${seen}; only its conditions were compared: ${ends.why}\n`];
  const listed = ends.unseen.slice(0, LISTED).map((registers) => `  never seen: ${registers}\n`);
  const rest = ends.unseen.length - listed.length;
  return [
    `${seen}, ${ends.unseen.length} more in the model\n`,
    ...listed,
    ...(rest > 0 ? [`  and ${rest} more that were never seen\n`] : []),
  ];
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

function totals({ release, comparisons, boots, thaws, seconds }: KernelRun): string {
  const counts = (['agrees', 'differs', 'hazard', 'not expressible', 'error'] as const)
    .map((outcome) => ({ outcome, count: comparisons.filter((one) => one.outcome === outcome).length }))
    .filter(({ outcome, count }) => count > 0 || outcome === 'agrees')
    .map(({ outcome, count }) => `${count} ${outcome}`);
  const failed = comparisons.filter((one) => failureOf(one) !== null).length;
  // Whether a test failed and whether model and kernel agree on it are two things.
  const failing = failed > 0 ? `; ${failed} failed` : '';
  const guests = [counted(boots, 'boot'), ...(thaws === 0 ? [] : [counted(thaws, 'thawed guest')])];
  const effort = `${guests.join(', ')}, ${seconds.toFixed(0)} s`;
  return `${release}: ${counted(comparisons.length, 'test')}: ${counts.join(', ')}${failing} (${effort})\n`;
}

/** What a user who meets an exit status other than 0 looks for. */
function failures({ comparisons }: KernelRun): string[] {
  return comparisons.flatMap((comparison) => {
    const failure = failureOf(comparison);
    return failure === null ? [] : [`FAILED ${comparison.file} on ${comparison.kernel}: ${failure.why}\n`];
  });
}

function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}
