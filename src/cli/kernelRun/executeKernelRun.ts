import { dirname, join } from 'node:path';
import { buildAgent } from '../../lab/agent/buildAgent.ts';
import { executeTests, type LabOptions, type LabProgress } from '../../lab/execute/index.ts';
import { kernelCache } from '../../lab/kernels/kernelCache.ts';
import { bootGuest } from '../../lab/machine/bootGuest.ts';
import type { Program } from '../../litmus/index.ts';
import { BAD_USAGE, combined, type ExitStatus } from '../exitStatus.ts';
import { guestSources } from '../guestSources.ts';
import type { Host } from '../host.ts';
import { type LoadedTest, loadTests } from '../input/tests.ts';
import { labWork } from '../kernel/labWork.ts';
import { statusLine } from '../kernel/statusLine.ts';
import { colorsFor } from '../show/colors.ts';
import { UsageError } from '../usageError.ts';
import { packageVersion } from '../version.ts';
import { comparisonTable } from './comparisonTable.ts';
import { compareWithModel, type KernelComparison, statusOf } from './kernelComparison.ts';
import { kernelsFor } from './kernels.ts';
import type { KernelRunOptions } from './options.ts';

/** Executes tests on real kernels, and holds each against the model. */
export async function executeKernelRun(
  paths: readonly string[],
  options: KernelRunOptions,
  host: Host,
): Promise<ExitStatus> {
  const tests = select(await loadTests(paths, host, ['realKernel']), options.filter);
  const broken = tests.flatMap((test) => ('errors' in test ? test.errors : []));
  for (const line of broken) host.err(`${line}\n`);
  const programs = tests.flatMap((test) => ('program' in test ? [test.program] : []));
  return await labWork(host, async (signal) => {
    const kernels = kernelsFor(options, host);
    if (programs.length === 0) return BAD_USAGE;
    const agent = await buildAgent(guestSources(), agentCache(host), signal);
    const comparisons: KernelComparison[] = [];
    for (const kernel of kernels) {
      const lab = { kernel, agent, bootGuest, signal, iterations: options.iterations ?? null };
      comparisons.push(...(await executeKernel(lab, programs, host)));
    }
    if (options.json === true) host.out(documentOf(comparisons));
    else host.out(comparisonTable(comparisons, colorsFor(host)));
    const executed = comparisons.filter(({ outcome }) => outcome !== 'not expressible');
    if (executed.length === 0) host.err('error: no test was executed to its end\n');
    return combined([
      ...comparisons.map(statusOf),
      ...(broken.length > 0 || executed.length === 0 ? [BAD_USAGE] : []),
    ]);
  });
}

/** All tests on one kernel, in the order of the tests. */
async function executeKernel(
  lab: LabOptions,
  programs: readonly Program[],
  host: Host,
): Promise<KernelComparison[]> {
  const { release } = lab.kernel;
  const status = statusLine(host);
  const comparisons = new Map<Program, KernelComparison>();
  const onProgress = (progress: LabProgress): void => {
    const done = `${comparisons.size} of ${programs.length} tests`;
    status.show(`${release}: ${done}, ${progressText(progress)}`);
  };
  try {
    for await (const executed of executeTests(programs, { ...lab, onProgress })) {
      const comparison = compareWithModel(executed, release);
      comparisons.set(executed.program, comparison);
      if (comparison.consoleTail.length > 0) {
        status.clear();
        const tail = comparison.consoleTail.slice(-CONSOLE_LINES).map((line) => `  ${line}\n`);
        host.err(`${comparison.reason ?? comparison.file}\n${tail.join('')}`);
      }
    }
  } finally {
    status.clear();
  }
  return programs.flatMap((program) => comparisons.get(program) ?? []);
}

function progressText(progress: LabProgress): string {
  if (progress.stage === 'boot') return 'booting';
  const { program, seed } = progress;
  return seed === null ? program.name : `${program.name} (${seed})`;
}

/** Lines of the console to show where a kernel did not survive. */
const CONSOLE_LINES = 20;

/** Where compiled agents are kept, beside the kernels. */
function agentCache(host: Host): string {
  return join(dirname(kernelCache(host.environment).folder), 'agents');
}

/** Tests whose file or name contains a text; those that do not load are always among them. */
function select(tests: readonly LoadedTest[], filter: string | undefined): readonly LoadedTest[] {
  if (filter === undefined) return tests;
  const selected = tests.filter(
    (test) => 'errors' in test || test.file.includes(filter) || test.program.name.includes(filter),
  );
  if (selected.length === 0) throw new UsageError(`no test at all: none contains '${filter}'`);
  return selected;
}

function documentOf(comparisons: readonly KernelComparison[]): string {
  const results = comparisons.map(({ result }) => result);
  const withoutResults = comparisons.map(({ result: _result, consoleTail: _consoleTail, ...rest }) => rest);
  const head = { tool: 'daxlab', version: packageVersion(), schemaVersion: 1, verb: 'kernel run' };
  return `${JSON.stringify({ ...head, results, comparisons: withoutResults }, null, 2)}\n`;
}
