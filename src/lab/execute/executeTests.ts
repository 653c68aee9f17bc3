import { availableParallelism } from 'node:os';
import type { Program, Scheme } from '../../litmus/index.ts';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { schemeOf } from '../kernels/release.ts';
import type { BootGuest } from '../machine/guest.ts';
import { roomForGuest } from '../machine/machineFolder.ts';
import type { Accelerator } from '../machine/qemuCommand.ts';
import { BootedKernel } from './bootedKernel.ts';
import { guestBytesOf, planBoots } from './bootPlan.ts';
import type { KernelOutcome } from './executeOn.ts';
import { GuestLine } from './guestLine.ts';
import { KernelSource } from './kernelSource.ts';
import { merged } from './merged.ts';
import { tooLarge } from './notExecuted.ts';

/** Milliseconds of silence after which a boot is over that no emulation slows down: a trial guest may answer where a kernel hangs. */
const SILENCE_WITHOUT_EMULATION = 15_000;

export interface LabOptions {
  readonly kernel: KernelImage;
  /** Path of the agent's program. */
  readonly agent: string;
  readonly bootGuest: BootGuest;
  /** What the guests run on; an emulated processor unless given, or where a boot on it fails. */
  readonly accelerator?: Accelerator;
  /** How often to execute each test whose threads can run at once, with them doing so; null: once, in turns. */
  readonly iterations: number | null;
  /** Guests that may run at once, from 1; unless given as many as this machine has processors for. */
  readonly guests?: number;
  /** Most bytes of memory for a guest, for tests; unless given what this machine has room for. */
  readonly room?: number;
  /** Ends all when aborted. */
  readonly signal?: AbortSignal;
  /** Told what happens next. */
  readonly onProgress?: (progress: LabProgress) => void;
}

export type LabProgress =
  /** A guest that begins as one that has booted before. */
  | { readonly stage: 'boot' | 'thaw'; readonly release: string }
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
 * Executes tests on a real kernel, with as few boots as possible: a guest serves until a test leaves something behind, and the
 * next one begins where the first stood after its boot. The order is not that of the tests. Rejects with a `LabError` when the kernel cannot be started at all, and with the signal's
 * reason when that is aborted.
 */
export async function* executeTests(
  programs: readonly Program[],
  options: LabOptions,
): AsyncGenerator<ExecutedTest, void> {
  // Threads that take turns need no second processor.
  const processors = options.iterations === null ? 1 : 2;
  const most = options.guests ?? Math.max(1, Math.floor(availableParallelism() / processors));
  const { room = roomForGuest() } = options;
  const isTooLarge = (program: Program): boolean => guestBytesOf(program) > room;
  for (const program of programs.filter(isTooLarge)) {
    yield { program, outcome: tooLarge(program, options.kernel, room), isRepeated: false };
  }
  const fitting = programs.filter((program) => !isTooLarge(program));
  if (fitting.length === 0) return;
  const plan = planBoots(fitting, schemeOfKernel(options.kernel), most);
  const queue = [...plan.programs];
  const { kernel, agent, signal, bootGuest, onProgress } = options;
  const { devices, freezes } = plan;
  const spec = { kernel, agent, devices, processors, ...(signal === undefined ? {} : { signal }) };
  let { accelerator = 'tcg' } = options;
  const source = new KernelSource({
    boot: async () => {
      const limit = accelerator === 'tcg' ? {} : { silenceLimit: SILENCE_WITHOUT_EMULATION };
      try {
        return await BootedKernel.boot({ ...spec, ...limit, accelerator }, bootGuest);
      } catch (error) {
        accelerator = 'tcg';
        throw error;
      }
    },
    signal,
    freezes,
    onStart: (stage) => onProgress?.({ stage, release: kernel.release }),
  });
  try {
    yield* merged(
      Array.from({ length: plan.guests }, () =>
        new GuestLine(options, devices, source).execute(() => queue.shift()),
      ),
    );
  } finally {
    await source.dispose();
  }
}
