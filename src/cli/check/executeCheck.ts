import { type Coverage, NOTHING_COVERED } from '../../check/index.ts';
import type { Scheme } from '../../litmus/index.ts';
import { errorResult } from '../../run/index.ts';
import { BAD_USAGE, combined, type ExitStatus, OK } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { select } from '../input/select.ts';
import { type LoadedTest, loadTests } from '../input/tests.ts';
import { interruptedStatus } from '../interrupted.ts';
import { colorsFor } from '../show/colors.ts';
import { documentHead } from '../show/document.ts';
import { type StatusLine, statusLine } from '../show/statusLine.ts';
import { statusOf } from '../statusOf.ts';
import { UsageError } from '../usageError.ts';
import { checkReport, type ShownResult } from './checkReport.ts';
import type { CheckJob } from './job.ts';
import { minimise } from './minimiseTest.ts';
import { type CheckCommandOptions, searchOptions } from './options.ts';
import { ownOutcomes } from './outcomeLines.ts';
import { runJobs } from './pool.ts';

/** A test and what came of it under each scheme that was searched. */
interface CheckedTest {
  readonly test: LoadedTest;
  readonly results: ShownResult[];
}

/** Searches tests for all their executions under the schemes asked for, and shows what they came to. */
export async function executeCheck(
  paths: readonly string[],
  options: CheckCommandOptions,
  host: Host,
): Promise<ExitStatus> {
  const schemes = schemesOf(options);
  const tests = select(await loadTests(paths, host), options.filter).map((test) => ({ test, results: [] }));
  const command = new CheckCommand(tests, schemes, options, host);
  return await command.run();
}

class CheckCommand {
  private readonly tests: readonly CheckedTest[];
  private readonly schemes: readonly Scheme[];
  private readonly options: CheckCommandOptions;
  private readonly host: Host;
  private readonly status: StatusLine;
  private shown = 0;

  constructor(
    tests: readonly CheckedTest[],
    schemes: readonly Scheme[],
    options: CheckCommandOptions,
    host: Host,
  ) {
    this.tests = tests;
    this.schemes = schemes;
    this.options = options;
    this.host = host;
    this.status = statusLine(host);
  }

  async run(): Promise<ExitStatus> {
    const { host, options, tests } = this;
    for (const checked of tests) this.refuse(checked);
    const jobs = tests.flatMap(({ test }) => this.jobsOf(test));
    this.show();
    let searched = 0;
    await runJobs(jobs, options.workers ?? 1, host, {
      progress: (job, coverage) => this.tellProgress(job, coverage),
      done: (job, result) => {
        if (result.coverage.stoppedBy !== 'interrupt') searched++;
        tests.find(({ test }) => 'program' in test && test.program === job.program)?.results.push(result);
        if (options.minimise !== true) this.show();
      },
    });
    this.status.clear();
    if (options.minimise === true) await this.minimiseAll();
    this.showRest();
    const checked = tests.flatMap(({ results }) => results);
    if (options.json === true) host.out(`${JSON.stringify(documentOf(tests, options), null, 2)}\n`);
    const interrupted = interruptedStatus(host, searched, jobs.length, 'searches');
    const isInOrder = interrupted === OK && checked.every(({ result }) => result.verdict === 'ok');
    return combined([
      ...checked.map(({ result }) => statusOf(result)),
      interrupted,
      options.minimise === true && isInOrder ? BAD_USAGE : OK,
    ]);
  }

  private async minimiseAll(): Promise<void> {
    for (const { test, results } of this.tests) {
      if ('errors' in test) continue;
      for (const [at, checked] of results.entries()) {
        results[at] = await minimise(test, checked, this.options, this.host);
      }
      this.show();
    }
  }

  /** A file that is no test has its result at once. */
  private refuse({ test, results }: CheckedTest): void {
    if (!('errors' in test)) return;
    for (const line of test.errors) this.host.err(`${line}\n`);
    const error = test.errors.join('\n');
    results.push(
      ...this.schemes.map((scheme) => {
        return { result: errorResult(test.file, test.name, scheme, error), coverage: NOTHING_COVERED };
      }),
    );
  }

  private jobsOf(test: LoadedTest): readonly CheckJob[] {
    if ('errors' in test) return [];
    const options = searchOptions(this.options);
    return this.schemes.map((scheme) => ({ program: test.program, scheme, options }));
  }

  /** Shows tests whose results are all there, in order. */
  private show(): void {
    for (;;) {
      const next = this.tests[this.shown];
      if (next === undefined || next.results.length < this.schemes.length) return;
      this.showNext(next);
    }
  }

  /** After an interrupt: shows also tests that were searched under one scheme only. */
  private showRest(): void {
    for (const next of this.tests.slice(this.shown)) this.showNext(next);
  }

  private showNext({ test, results }: CheckedTest): void {
    this.shown++;
    const { host, options } = this;
    if (options.json === true || 'errors' in test || results.length === 0) return;
    this.status.clear();
    host.out(checkReport(test.file, test.program, results, options.diff === true, colorsFor(host)));
  }

  private tellProgress({ program, scheme }: CheckJob, { states, depth }: Coverage): void {
    if (this.options.json === true) return;
    this.status.show(
      `${program.name} ${scheme}: ${states.toLocaleString('en')} states, ${depth} levels deep`,
    );
  }
}

function schemesOf({ scheme = 'both', diff }: CheckCommandOptions): readonly Scheme[] {
  if (diff === true && scheme !== 'both')
    throw new UsageError('--diff holds both schemes against each other');
  return scheme === 'both' ? ['devmap', 'refcount'] : [scheme];
}

function documentOf(tests: readonly CheckedTest[], { diff }: CheckCommandOptions): object {
  const results = tests.flatMap(({ results: checked }) => {
    const all = checked.map(({ result }) => result);
    return checked.map(({ result, minimised }) => ({
      ...result,
      ...(diff === true && all.length > 1 && { ownOutcomes: ownOutcomes(result, all) }),
      ...(minimised && { minimised }),
    }));
  });
  return { ...documentHead('check'), results };
}
