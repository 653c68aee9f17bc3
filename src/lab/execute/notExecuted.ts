import type { Program } from '../../litmus/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { schemeOf } from '../kernels/release.ts';
import type { LabError } from '../labError.ts';
import { guestBytesOf } from './bootPlan.ts';
import { type KernelOutcome, NOT_EXPRESSIBLE } from './executeOn.ts';

const GIBIBYTE = 2 ** 30;

/** The outcome of a test for which the kernel could not be booted, though it could for others. */
export function notBooted(
  program: Program,
  kernel: KernelImage,
  { message, details }: LabError,
): KernelOutcome {
  return { ...notExecuted(program, kernel, 'error', message), consoleTail: details };
}

/** The outcome of a test whose devices alone take more memory than a guest may have on this machine: `room` bytes. */
export function tooLarge(program: Program, kernel: KernelImage, room: number): KernelOutcome {
  const [needed, free] = [Math.ceil(guestBytesOf(program) / GIBIBYTE), Math.floor(room / GIBIBYTE)];
  const message = `its devices take a guest of ${needed} GiB, and this machine has room for ${free} GiB`;
  const outcome = notExecuted(program, kernel, 'incomplete', `${NOT_EXPRESSIBLE}: ${message}`);
  return { ...outcome, notExpressible: message };
}

/** What is said of a test of which nothing was executed. */
function notExecuted(
  program: Program,
  kernel: KernelImage,
  verdict: TestResult['verdict'],
  error: string,
): KernelOutcome {
  const stats = { executions: 0, states: 0, transitions: 0, seconds: 0, peakBytes: 0, complete: false };
  return {
    result: {
      file: program.fileName,
      name: program.name,
      scheme: schemeOf(kernel.release),
      source: `kernel ${kernel.release}`,
      verdict,
      steps: [],
      error: `${program.fileName}: ${error}`,
      conditions: [],
      violations: [],
      stats,
    },
    executed: program,
    registers: {},
    notExpressible: null,
    damage: null,
    contradiction: null,
    consoleTail: [],
    isUsable: false,
  };
}
