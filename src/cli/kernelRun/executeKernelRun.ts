import { dirname, join } from 'node:path';
import { buildAgent } from '../../lab/agent/buildAgent.ts';
import { executeTests, type LabOptions, type LabProgress } from '../../lab/execute/index.ts';
import { kernelCache } from '../../lab/kernels/kernelCache.ts';
import { bootGuest } from '../../lab/machine/bootGuest.ts';
import { chooseAccelerator } from '../../lab/machine/chooseAccelerator.ts';
import { runCommand } from '../../lab/process/runCommand.ts';
import type { Program } from '../../litmus/index.ts';
import { BAD_USAGE, combined, type ExitStatus, INCOMPLETE } from '../exitStatus.ts';
import { guestSources } from '../guestSources.ts';
import type { Host } from '../host.ts';
import { select } from '../input/select.ts';
import { loadTests } from '../input/tests.ts';
import { labWork } from '../kernel/labWork.ts';
import { colorsFor } from '../show/colors.ts';
import { documentHead } from '../show/document.ts';
import { statusLine } from '../show/statusLine.ts';
import { withEnds } from './checkedEnds.ts';
import { comparisonTable } from './comparisonTable.ts';
import { statusOf } from './failure.ts';
import { compareWithModel, type KernelComparison, type KernelRun } from './kernelComparison.ts';
import { kernelsFor } from './kernels.ts';
import type { KernelRunOptions } from './options.ts';

/** Executes tests on real kernels, and holds each against the model. */
export async function executeKernelRun(
  paths: readonly string[],
  options: KernelRunOptions,
  host: Host,
): Promise<ExitStatus> {
  const tests = select(await loadTests(paths, host), options.filter);
  const broken = tests.flatMap((test) => ('errors' in test ? test.errors : []));
  for (const line of broken) host.err(`${line}\n`);
  const programs = tests.flatMap((test) => ('program' in test ? [test.program] : []));
  return await labWork(host, async (signal) => {
    const kernels = kernelsFor(options, host);
    if (programs.length === 0) return BAD_USAGE;
    const runs: KernelRun[] = [];
    let trouble: unknown;
    try {
      const agent = await buildAgent(guestSources(), agentCache(host), signal);
      const accelerator = await chooseAccelerator(runCommand, signal);
      const iterations = options.iterations ?? null;
      for (const kernel of kernels) {
        const lab = { kernel, agent, bootGuest, accelerator, signal, iterations };
        runs.push(await executeKernel(lab, programs, host));
      }
    } catch (error) {
      // What other kernels came to is told all the same.
      if (!signal.aborted && runs.length === 0) throw error;
      trouble = error;
    }
    if (options.json === true) host.out(documentOf(runs));
    else host.out(comparisonTable(runs, colorsFor(host)));
    if (trouble !== undefined && !signal.aborted) throw trouble;
    const comparisons = runs.flatMap((run) => run.comparisons);
    const statuses = comparisons.map(statusOf);
    if (broken.length > 0) statuses.push(BAD_USAGE);
    const all = programs.length * kernels.length;
    const done = comparisons.filter(isCompared).length;
    if (signal.aborted && done < all) {
      host.err(`error: interrupted after ${done} of ${all} tests; nothing is left behind\n`);
      statuses.push(INCOMPLETE);
    } else if (comparisons.every(({ outcome }) => outcome === 'not expressible')) {
      host.err('error: no test was executed to its end: none of them can be expressed on a real kernel\n');
      statuses.push(BAD_USAGE);
    }
    return combined(statuses);
  });
}

/** Whether nothing is left to compare; the check for the ends of a test may have been cut short. */
function isCompared({ ends }: KernelComparison): boolean {
  return ends === null || ends.isCompared;
}

/** All tests on one kernel, in the order of the tests; those that were executed before the user asked to stop. */
async function executeKernel(lab: LabOptions, programs: readonly Program[], host: Host): Promise<KernelRun> {
  const { release } = lab.kernel;
  lab.signal?.throwIfAborted();
  const status = statusLine(host);
  const comparisons = new Map<Program, KernelComparison>();
  const started = performance.now();
  let [boots, thaws] = [0, 0];
  const onProgress = (progress: LabProgress): void => {
    if (progress.stage === 'boot') boots++;
    if (progress.stage === 'thaw') thaws++;
    const done = `${comparisons.size} of ${programs.length} tests`;
    status.show(`${release}: ${done}, ${progressText(progress)}`);
  };
  try {
    for await (const executed of executeTests(programs, { ...lab, onProgress })) {
      const comparison = await withEnds(compareWithModel(executed, release), executed, host);
      comparisons.set(executed.program, comparison);
      if (comparison.consoleTail.length > 0) {
        status.clear();
        const tail = comparison.consoleTail.slice(-CONSOLE_LINES).map((line) => `  ${line}\n`);
        host.err(`${comparison.reason ?? comparison.file}\n${tail.join('')}`);
      }
    }
  } catch (error) {
    if (lab.signal?.aborted !== true) throw error;
  } finally {
    status.clear();
  }
  return {
    release,
    comparisons: programs.flatMap((program) => comparisons.get(program) ?? []),
    boots,
    thaws,
    seconds: (performance.now() - started) / 1000,
  };
}

function progressText(progress: LabProgress): string {
  if (progress.stage !== 'test') return progress.stage === 'boot' ? 'booting' : 'another guest begins';
  const { program, seed } = progress;
  return seed === null ? program.name : `${program.name} (${seed})`;
}

/** Lines of the console to show where a kernel did not survive. */
const CONSOLE_LINES = 20;

/** Where compiled agents are kept, beside the kernels. */
function agentCache(host: Host): string {
  return join(dirname(kernelCache(host.environment).folder), 'agents');
}

function documentOf(runs: readonly KernelRun[]): string {
  const all = runs.flatMap(({ comparisons }) => comparisons);
  const results = all.map(({ result }) => result);
  const comparisons = all.map(({ result: _result, consoleTail: _consoleTail, ...rest }) => rest);
  const kernels = runs.map(({ comparisons: own, ...run }) => ({ ...run, tests: own.length }));
  return `${JSON.stringify({ ...documentHead('kernel run'), results, comparisons, kernels }, null, 2)}\n`;
}
