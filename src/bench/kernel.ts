/**
 * Speed of the plain kernel: operations a second and steps an operation, per scheme, on devices of 1 GiB to 1 TiB with a
 * thousand to a million touched pages, beside a reference loop in the same run.
 */
import Table from 'cli-table3';
import { referenceAccessesPerSecond } from './kernel/referenceLoop.ts';
import {
  type Measurement,
  measureFork,
  measureLargePages,
  measureSmallPages,
  type Size,
} from './kernel/workloads.ts';

const GIB = 2 ** 30;
const smallPages: readonly Size[] = [
  { deviceBytes: GIB, touched: 1_000 },
  { deviceBytes: 16 * GIB, touched: 10_000 },
  { deviceBytes: 1024 * GIB, touched: 100_000 },
  { deviceBytes: 1024 * GIB, touched: 1_000_000 },
];
const largePages: readonly Size[] = [
  { deviceBytes: 16 * GIB, touched: 1_000 },
  { deviceBytes: 1024 * GIB, touched: 100_000 },
];
const forks: readonly Size[] = [
  { deviceBytes: GIB, touched: 1_000 },
  { deviceBytes: 1024 * GIB, touched: 1_000_000 },
];
const schemes = ['devmap', 'refcount'] as const;

function measureAll(): Measurement[] {
  return schemes.flatMap((scheme) => [
    ...smallPages.flatMap((size) => measureSmallPages(scheme, size)),
    ...largePages.flatMap((size) => measureLargePages(scheme, size)),
    ...forks.flatMap((size) => measureFork(scheme, size)),
  ]);
}

/** Cost of an operation against that of the same workload on its smallest size; 1 is no growth. */
function growth(row: Measurement, rows: readonly Measurement[]): string {
  const smallest = rows.find(({ workload, scheme }) => workload === row.workload && scheme === row.scheme);
  return smallest === undefined ? '' : (smallest.operationsPerSecond / row.operationsPerSecond).toFixed(2);
}

function table(rows: readonly Measurement[], reference: number): string {
  const lines = new Table({
    head: ['workload', 'scheme', 'device', 'touched', 'million/s', 'steps', 'reference accesses', 'growth'],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const row of rows) {
    lines.push([
      row.workload,
      row.scheme,
      `${row.size.deviceBytes / GIB} GiB`,
      row.size.touched.toLocaleString('en'),
      (row.operationsPerSecond / 1e6).toFixed(2),
      row.stepsPerOperation.toFixed(1),
      (reference / row.operationsPerSecond).toFixed(0),
      growth(row, rows),
    ]);
  }
  return lines.toString();
}

const reference = referenceAccessesPerSecond();
console.log(`reference loop: ${(reference / 1e6).toFixed(0)} million accesses a second`);
console.log(table(measureAll(), reference));
const peak = process.resourceUsage().maxRSS / 1024;
console.log(`peak memory of the whole run: ${peak.toFixed(0)} MiB`);
