/**
 * Tells which functions and branches of the kernel the shipped tests enter, under each scheme:
 *
 *   node dist/cli/kernelCoverage.js [--json] [--search]
 *
 * `--search` looks for schedules that enter what is missing, and records them beside the tests. The exit status is 1 if
 * something is neither entered nor listed in litmus/coverage-exceptions.json with a reason.
 */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadTests } from './input/tests.ts';
import { isExcepted, readExceptions, readSchedules } from './kernelCoverage/exceptions.ts';
import { Measurement, type Schedules } from './kernelCoverage/measure.ts';
import { reportOf, reportText } from './kernelCoverage/report.ts';
import { processHost } from './processHost.ts';

const library = join(import.meta.dirname, '..', '..', 'litmus');
const schedulesFile = join(library, 'coverage-schedules.json');
const options = process.argv.slice(2);
const host = processHost();

const loaded = await loadTests([join(library, 'devdax')], host);
for (const test of loaded) if ('errors' in test) throw new Error(test.errors.join('\n'));
const tests = loaded.flatMap((test) => ('program' in test ? [test.program] : []));
const fileOf = ({ fileName }: { readonly fileName: string }): string => relative(library, fileName);

const exceptions = readExceptions(join(library, 'coverage-exceptions.json'));
const recorded: Schedules = options.includes('--search') ? {} : readSchedules(schedulesFile);
const found: Record<string, string[]> = {};
const reports = [];
for (const scheme of ['devmap', 'refcount'] as const) {
  const measurement = new Measurement(scheme, (goal) => isExcepted(exceptions, scheme, goal));
  for (const test of tests) measurement.execute(test, recorded[fileOf(test)] ?? []);
  for (const test of options.includes('--search') ? tests : []) {
    const schedules = measurement.search(test);
    if (schedules.length > 0) found[fileOf(test)] = [...(found[fileOf(test)] ?? []), ...schedules];
  }
  reports.push(reportOf(measurement, exceptions));
}
if (options.includes('--search')) writeFileSync(schedulesFile, `${JSON.stringify(found, null, 2)}\n`);
host.out(options.includes('--json') ? `${JSON.stringify({ reports }, null, 2)}\n` : reportText(reports));
if (reports.some(({ missing, stale }) => missing.length > 0 || stale.length > 0)) process.exitCode = 1;
