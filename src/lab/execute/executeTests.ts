import type { Program, Scheme } from '../../litmus/index.ts';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { schemeOf } from '../kernels/release.ts';
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
 * is not that of the tests. Rejects with a `LabError` when the kernel cannot be started.
 */
export async function* executeTests(
  programs: readonly Program[],
  options: LabOptions,
): AsyncGenerator<ExecutedTest, void> {
  for (const group of planBoots(programs, schemeOfKernel(options.kernel)))
    yield* executeGroup(group, options);
}

async function* executeGroup(group: BootGroup, options: LabOptions): AsyncGenerator<ExecutedTest, void> {
  let booted: BootedKernel | null = null;
  const once = async (program: Program, seed: number | null): Promise<KernelOutcome> => {
    options.signal?.throwIfAborted();
    booted ??= await boot(group, options);
    options.onProgress?.({ stage: 'test', program, seed });
    const outcome = await executeOn(booted, program, placesFor(program, group.devices), seed);
    if (!outcome.isUsable) {
      await booted.dispose();
      booted = null;
    }
    return outcome;
  };
  try {
    for (const program of group.programs) {
      const { iterations } = options;
      if (iterations === null || !isConcurrent(program)) {
        yield { program, outcome: await once(program, null), isRepeated: false };
        continue;
      }
      const all = new Iterations();
      for (let seed = 1; seed <= iterations && !all.isOver; seed++) all.add(await once(program, seed), seed);
      yield { program, outcome: all.outcome(), isRepeated: true };
    }
  } finally {
    await (booted as BootedKernel | null)?.dispose();
  }
}

async function boot({ devices }: BootGroup, options: LabOptions): Promise<BootedKernel> {
  const { kernel, agent, signal, bootGuest, onProgress } = options;
  onProgress?.({ stage: 'boot', release: kernel.release });
  const spec = { kernel, agent, devices, ...(signal === undefined ? {} : { signal }) };
  return await BootedKernel.boot(spec, bootGuest);
}
