import type { Scheme } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { parseReplay, type ReplaySchedule } from '../../run/index.ts';
import { combined, type ExitStatus } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { select } from '../input/select.ts';
import { loadTests } from '../input/tests.ts';
import { interruptedStatus } from '../interrupted.ts';
import { colorsFor } from '../show/colors.ts';
import { documentHead } from '../show/document.ts';
import { testReport } from '../show/testReport.ts';
import { statusOf } from '../statusOf.ts';
import { UsageError } from '../usageError.ts';
import { ensureWritable, writeJunit } from './junitFile.ts';
import type { RunCommandOptions } from './options.ts';
import { runTest, type TestRun } from './runTest.ts';

/** Executes tests once each under the schemes asked for, and shows what came of them. */
export async function executeRun(
  paths: readonly string[],
  options: RunCommandOptions,
  host: Host,
): Promise<ExitStatus> {
  if (options.junit !== undefined) ensureWritable(options.junit);
  const replay = options.replay === undefined ? undefined : readReplay(options.replay, options);
  const schemes = schemesOf(options, replay);
  const tests = select(await loadTests(paths, host), options.filter);
  if (replay !== undefined && tests.length > 1) {
    throw new UsageError('--replay repeats the execution of one test: name one file');
  }
  const isShown = options.json !== true && options.summary !== true;
  const runs: TestRun[] = [];
  for (const test of tests) {
    if (host.isInterrupted) break;
    if ('errors' in test) for (const line of test.errors) host.err(`${line}\n`);
    const run = await runTest(test, schemes, { host, replay, options, withDetails: isShown });
    runs.push(run);
    for (const { result } of run.outcomes) {
      if (result.error !== undefined && !('errors' in test)) host.err(`${result.error}\n`);
    }
    if (isShown && run.program !== null) host.out(testReport(run, run.program, colorsFor(host)));
    await host.breathe();
  }
  const results = runs.flatMap(({ outcomes }) => outcomes.map(({ result }) => result));
  if (options.json === true) host.out(`${JSON.stringify(documentOf(results), null, 2)}\n`);
  if (options.summary === true) {
    const { summaryTable } = await import('../show/summaryTable.ts');
    host.out(summaryTable(runs, colorsFor(host)));
  }
  if (options.junit !== undefined) await writeJunit(options.junit, results);
  const done = runs.filter(({ outcomes }) => outcomes.every(({ result }) => isOver(result))).length;
  return combined([...results.map(statusOf), interruptedStatus(host, done, tests.length, 'tests')]);
}

/** Whether a test came to its end, or to where it can be executed no further. */
function isOver({ stats, verdict }: TestResult): boolean {
  return stats.complete || verdict === 'error';
}

function readReplay(text: string, { scheme }: RunCommandOptions): ReplaySchedule {
  const replay = parseReplay(text);
  if ('error' in replay) throw new UsageError(replay.error);
  if (scheme !== undefined && scheme !== replay.scheme) {
    throw new UsageError(`--replay: the string is one of the ${replay.scheme} scheme, not of ${scheme}`);
  }
  return replay;
}

function schemesOf({ scheme = 'both' }: RunCommandOptions, replay: ReplaySchedule | undefined): Scheme[] {
  if (replay !== undefined) return [replay.scheme];
  return scheme === 'both' ? ['devmap', 'refcount'] : [scheme];
}

function documentOf(results: readonly TestResult[]): object {
  return { ...documentHead('run'), results };
}
