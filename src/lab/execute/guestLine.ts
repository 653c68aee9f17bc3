import type { Program } from '../../litmus/index.ts';
import { LabError } from '../labError.ts';
import type { DeviceSpec } from '../machine/guest.ts';
import type { BootedKernel } from './bootedKernel.ts';
import { placesFor } from './bootPlan.ts';
import { executeOn, type KernelOutcome } from './executeOn.ts';
import type { ExecutedTest, LabOptions } from './executeTests.ts';
import { Iterations, isConcurrent } from './iterations.ts';
import type { KernelSource } from './kernelSource.ts';
import { notBooted } from './notExecuted.ts';

/** Guests of one kernel, one after the other: the next comes when a test has spoilt the one before. */
export class GuestLine {
  private readonly options: LabOptions;
  private readonly devices: readonly DeviceSpec[];
  private readonly source: KernelSource<BootedKernel>;
  private booted: BootedKernel | null = null;

  constructor(options: LabOptions, devices: readonly DeviceSpec[], source: KernelSource<BootedKernel>) {
    this.options = options;
    this.devices = devices;
    this.source = source;
  }

  /** Executes one test after the other, as long as there are more. */
  async *execute(next: () => Program | undefined): AsyncGenerator<ExecutedTest, void> {
    try {
      for (let program = next(); program !== undefined; program = next()) {
        const { iterations } = this.options;
        const isRepeated = iterations !== null && isConcurrent(program);
        const outcome = isRepeated
          ? await this.executeOften(program, iterations)
          : await this.executeOnce(program, null);
        yield { program, outcome, isRepeated };
      }
    } finally {
      await this.shutDown();
    }
  }

  private async executeOften(program: Program, iterations: number): Promise<KernelOutcome> {
    const all = new Iterations();
    for (let seed = 1; seed <= iterations && !all.isOver; seed++) {
      all.add(await this.executeOnce(program, seed), seed);
    }
    return all.outcome();
  }

  private async executeOnce(program: Program, seed: number | null): Promise<KernelOutcome> {
    const { signal, onProgress, kernel } = this.options;
    signal?.throwIfAborted();
    try {
      this.booted ??= await this.source.next();
    } catch (error) {
      if (!(error instanceof LabError) || !this.source.hasBooted) throw error;
      return notBooted(program, kernel, error);
    }
    onProgress?.({ stage: 'test', program, seed });
    const outcome = await executeOn(this.booted, program, placesFor(program, this.devices), seed);
    // What ended with the guest says nothing of the test.
    signal?.throwIfAborted();
    if (!outcome.isUsable) await this.shutDown();
    return outcome;
  }

  private async shutDown(): Promise<void> {
    await this.booted?.dispose();
    this.booted = null;
  }
}
