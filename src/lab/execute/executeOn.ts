import { InspectError } from '../../inspect/index.ts';
import type { Program } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { LabError } from '../labError.ts';
import type { BootedKernel } from './bootedKernel.ts';
import { NotExpressible, TestMistake } from './notExpressible.ts';
import { ProcessGone } from './operations/context.ts';
import { Contradiction } from './secondWitness.ts';
import { TestRun } from './testRun.ts';

/** What the error of a result begins with that no real kernel can give. */
export const NOT_EXPRESSIBLE = 'not expressible on a real kernel';

/** What came of a test on a real kernel. */
export interface KernelOutcome {
  readonly result: TestResult;
  /** The test with its devices as large as they really were. */
  readonly executed: Program;
  /** Value of every register at the end, by `P.r`; null for one that was never set. */
  readonly registers: Readonly<Record<string, number | null>>;
  /** The operation that the kernel offers no way to do, and why; the steps before it were executed. */
  readonly notExpressible: string | null;
  /** What the kernel said when it fell over what the test declares as a hazard; the steps before were executed. */
  readonly damage: string | null;
  /** What the kernel itself says of a page, where the reader of its memory says otherwise. */
  readonly contradiction: string | null;
  /** The end of the console, where the kernel did not survive. */
  readonly consoleTail: readonly string[];
  /** Whether the kernel can execute another test. */
  readonly isUsable: boolean;
}

/**
 * Executes a test on a booted kernel, and cleans up. With a seed its threads run at once. Never rejects for what the kernel or
 * the test does.
 */
export async function executeOn(
  kernel: BootedKernel,
  program: Program,
  places: readonly number[],
  seed: number | null = null,
): Promise<KernelOutcome> {
  const executed = withRealSizes(program, kernel, places);
  const run = new TestRun(executed, kernel.setting, places, seed);
  let error: unknown = null;
  try {
    await run.execute();
  } catch (thrown) {
    error = thrown;
  }
  const isUsable = !(error instanceof LabError) && (await isClean(kernel, run, error !== null));
  if (error instanceof NotExpressible) {
    const where = `${program.fileName}:${error.span.line}:${error.span.column}`;
    const result = { ...run.recorder.result(), verdict: 'incomplete' as const };
    return {
      result: { ...result, error: `${where}: ${NOT_EXPRESSIBLE}: ${error.message}` },
      executed,
      registers: run.registerValues(),
      notExpressible: error.message,
      damage: null,
      contradiction: null,
      consoleTail: [],
      isUsable,
    };
  }
  const damage =
    error instanceof TestMistake || error instanceof Contradiction ? null : run.recorder.damage();
  const message = error === null || damage !== null ? undefined : messageOf(error, program);
  const result = run.recorder.result(message);
  const isExpected = result.verdict === 'ok' || damage !== null;
  return {
    result: damage === null ? result : { ...result, verdict: 'incomplete' },
    executed,
    registers: run.registerValues(),
    notExpressible: null,
    damage,
    contradiction: error instanceof Contradiction ? error.message : null,
    consoleTail: message === undefined && (isExpected || !kernel.hasFallen) ? [] : kernel.consoleTail,
    isUsable,
  };
}

function withRealSizes(program: Program, { setting }: BootedKernel, places: readonly number[]): Program {
  const devices = program.devices.map((device) => {
    const bytes = setting.devices[places[device.index] ?? -1]?.bytes;
    return { ...device, size: bytes ?? device.size };
  });
  return { ...program, devices };
}

/** Whether the kernel is as it was before, which it is made to be where that is possible. */
async function isClean(kernel: BootedKernel, run: TestRun, isCutShort: boolean): Promise<boolean> {
  if (!isCutShort && !run.recorder.isClean) return false;
  try {
    return (await kernel.cleanUp(run.devices, run.files)) && (await run.comesToRest());
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}

function messageOf(error: unknown, { fileName }: Program): string {
  if (error instanceof TestMistake)
    return `${fileName}:${error.span.line}:${error.span.column}: ${error.message}`;
  if (error instanceof ProcessGone)
    return `${fileName}: the kernel ended a process in the middle of ${error.message}`;
  if (error instanceof LabError || error instanceof InspectError || error instanceof Contradiction)
    return `${fileName}: ${error.message}`;
  throw error;
}
