import type { Program, Scheme } from '../../litmus/index.ts';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { schemeOf } from '../kernels/release.ts';
import { LabError } from '../labError.ts';
import type { BootGuest } from '../machine/guest.ts';
import { BootedKernel } from './bootedKernel.ts';
import { type BootGroup, placesFor, planBoots } from './bootPlan.ts';
import { executeOn, type KernelOutcome } from './executeOn.ts';
import { Iterations, isConcurrent } from './iterations.ts';

export interface LabOptions {
  readonly kernel: KernelImage;
  /** Path of the agent's program. */
  readonly agent: string;
  readonly bootGuest: BootGuest;
  /** How often to execute each test whose threads can run at once, with them doing so; null: once, in turns. */
  readonly iterations: number | null;
  /** Ends all when aborted. */
  readonly signal?: AbortSignal;
  /** Told what happens next. */
  readonly onProgress?: (progress: LabProgress) => void;
}

export type LabProgress =
  | { readonly stage: 'boot'; readonly release: string }
  | { readonly stage: 'test'; readonly program: Program; readonly seed: number | null };

/** What came of one test, as soon as it is known. */
export interface ExecutedTest {
  readonly program: Program;
  readonly outcome: KernelOutcome;
  /** Whether that is of several executions whose threads ran at once. */
  readonly isRepeated: boolean;
}

/** The scheme of a kernel. */
export function schemeOfKernel({ release }: KernelImage): Scheme {
  return schemeOf(release);
}

/**
 * Executes tests on a real kernel, as few boots as possible: a boot serves until a test leaves something behind. The order
 * is not that of the tests. Rejects with a `LabError` when the kernel cannot be started at all.
 */
export async function* executeTests(
  programs: readonly Program[],
  options: LabOptions,
): AsyncGenerator<ExecutedTest, void> {
  const lab = new Lab(options);
  try {
    for (const group of planBoots(programs, schemeOfKernel(options.kernel))) yield* lab.executeGroup(group);
  } finally {
    await lab.shutDown();
  }
}

/** Attempts to boot: an emulated machine may fail to come up once in a while. */
const BOOT_ATTEMPTS = 3;

/** One kernel, booted as often as it takes. */
class Lab {
  private readonly options: LabOptions;
  private booted: BootedKernel | null = null;
  private hasBooted = false;

  constructor(options: LabOptions) {
    this.options = options;
  }

  async *executeGroup(group: BootGroup): AsyncGenerator<ExecutedTest, void> {
    await this.shutDown();
    for (const program of group.programs) {
      const { iterations } = this.options;
      if (iterations === null || !isConcurrent(program)) {
        yield { program, outcome: await this.execute(program, group, null), isRepeated: false };
        continue;
      }
      const all = new Iterations();
      for (let seed = 1; seed <= iterations && !all.isOver; seed++) {
        all.add(await this.execute(program, group, seed), seed);
      }
      yield { program, outcome: all.outcome(), isRepeated: true };
    }
  }

  async shutDown(): Promise<void> {
    await this.booted?.dispose();
    this.booted = null;
  }

  private async execute(program: Program, group: BootGroup, seed: number | null): Promise<KernelOutcome> {
    const { signal, onProgress, kernel } = this.options;
    signal?.throwIfAborted();
    try {
      this.booted ??= await this.boot(group);
    } catch (error) {
      if (!(error instanceof LabError) || !this.hasBooted) throw error;
      return notBooted(program, kernel, error);
    }
    onProgress?.({ stage: 'test', program, seed });
    const outcome = await executeOn(this.booted, program, placesFor(program, group.devices), seed);
    if (!outcome.isUsable) await this.shutDown();
    return outcome;
  }

  private async boot({ devices }: BootGroup): Promise<BootedKernel> {
    const { kernel, agent, signal, bootGuest, onProgress } = this.options;
    const spec = { kernel, agent, devices, ...(signal === undefined ? {} : { signal }) };
    for (let attempt = 1; ; attempt++) {
      onProgress?.({ stage: 'boot', release: kernel.release });
      try {
        const booted = await BootedKernel.boot(spec, bootGuest);
        this.hasBooted = true;
        return booted;
      } catch (error) {
        if (!(error instanceof LabError) || attempt === BOOT_ATTEMPTS) throw error;
      }
    }
  }
}

/** The outcome of a test for which the kernel could not be booted, though it could for others. */
function notBooted(program: Program, kernel: KernelImage, { message, details }: LabError): KernelOutcome {
  const stats = { executions: 0, states: 0, transitions: 0, seconds: 0, peakBytes: 0, complete: false };
  return {
    result: {
      file: program.fileName,
      name: program.name,
      scheme: schemeOfKernel(kernel),
      source: `kernel ${kernel.release}`,
      verdict: 'error',
      steps: [],
      error: `${program.fileName}: ${message}`,
      conditions: [],
      violations: [],
      stats,
    },
    executed: program,
    registers: {},
    notExpressible: null,
    damage: null,
    consoleTail: details,
    isUsable: false,
  };
}
