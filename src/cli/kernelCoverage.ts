/**
 * Tells which functions and branches of the kernel the shipped tests enter, under each scheme:
 *
 *   node dist/cli/kernelCoverage.js [--json] [--record] [--quick]
 *
 * Races need schedules: those of litmus/coverage-schedules.json are executed beside the plain ones. Where they leave
 * something out, since the kernel or a test has changed, others are searched for, which takes minutes; `--record` writes
 * down those that are of use, and `--quick` does not search. The exit status is 1 if something is neither entered nor listed in
 * litmus/coverage-exceptions.json with a reason, or if something listed is entered after all.
 */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadTests } from './input/tests.ts';
import { isExcepted, readExceptions, readSchedules } from './kernelCoverage/exceptions.ts';
import { Measurement } from './kernelCoverage/measure.ts';
import { reportOf, reportText } from './kernelCoverage/report.ts';
import { processHost } from './processHost.ts';

const library = join(import.meta.dirname, '..', '..', 'litmus');
const schedulesFile = join(library, 'coverage-schedules.json');
const options = process.argv.slice(2);
const host = processHost();

const loaded = await loadTests([library], host);
for (const test of loaded) if ('errors' in test) throw new Error(test.errors.join('\n'));
const tests = loaded.flatMap((test) => ('program' in test ? [test.program] : []));
const fileOf = ({ fileName }: { readonly fileName: string }): string => relative(library, fileName);

const exceptions = readExceptions(join(library, 'coverage-exceptions.json'));
const recorded = readSchedules(schedulesFile);
const useful: Record<string, string[]> = {};
const reports = [];
for (const scheme of ['devmap', 'refcount'] as const) {
  const measurement = new Measurement(scheme, (goal) => isExcepted(exceptions, scheme, goal));
  const note = (file: string, schedules: readonly string[]): void => {
    if (schedules.length > 0) useful[file] = [...(useful[file] ?? []), ...schedules];
  };
  for (const test of tests) note(fileOf(test), measurement.execute(test, recorded[fileOf(test)] ?? []));
  for (const isDeep of [false, true]) {
    if (measurement.isComplete || options.includes('--quick')) break;
    host.err(`${scheme}: the recorded schedules leave something out: searching for others\n`);
    for (const test of tests) note(fileOf(test), measurement.search(test, isDeep));
  }
  reports.push(reportOf(measurement, exceptions));
}
if (options.includes('--record')) writeFileSync(schedulesFile, `${JSON.stringify(useful, null, 2)}\n`);
host.out(options.includes('--json') ? `${JSON.stringify({ reports }, null, 2)}\n` : reportText(reports));
if (reports.some(({ missing, stale }) => missing.length > 0 || stale.length > 0)) process.exitCode = 1;
