/**
 * Tells which functions and branches of the kernel the shipped tests enter, under each scheme:
 *
 *   node dist/cli/kernelCoverage.js [--json]
 *
 * Tests are executed, and those with threads in every order. Large ones are searched only where something is missing after the
 * others: what is missing at the end no execution of any test enters. The exit status is 1 if something is neither entered nor listed in
 * litmus/coverage-exceptions.json with a reason, or if something listed is entered after all.
 */
import { join } from 'node:path';
import { loadTests } from './input/tests.ts';
import { isExcepted, readExceptions } from './kernelCoverage/exceptions.ts';
import { Measurement } from './kernelCoverage/measure.ts';
import { reportOf, reportText } from './kernelCoverage/report.ts';
import { processHost } from './processHost.ts';

const library = join(import.meta.dirname, '..', '..', 'litmus');
const host = processHost();

const loaded = await loadTests([library], host);
for (const test of loaded) if ('errors' in test) throw new Error(test.errors.join('\n'));
const tests = loaded.flatMap((test) => ('program' in test ? [test.program] : []));

const exceptions = readExceptions(join(library, 'coverage-exceptions.json'));
const reports = (['devmap', 'refcount'] as const).map((scheme) => {
  const measurement = new Measurement(scheme, (goal) => isExcepted(exceptions, scheme, goal));
  measurement.measure(tests);
  return reportOf(measurement, exceptions);
});
host.out(process.argv.includes('--json') ? `${JSON.stringify({ reports }, null, 2)}\n` : reportText(reports));
if (reports.some(({ missing, stale }) => missing.length > 0 || stale.length > 0)) process.exitCode = 1;
