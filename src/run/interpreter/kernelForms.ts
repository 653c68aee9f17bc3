import type { GeneratorKernel } from '../../compile/link/generators.ts';
import type { PlainFunction, PlainKernel } from '../../compile/link/plain.ts';
import type { DialectProgram, Overrides } from '../../compile/link/selection.ts';
import type { KernelThread } from '../../compile/link/thread.ts';
import { link } from '../../compile/link.ts';
import { kernelProgram } from '../../kernel/link.ts';
import type { Scheme } from '../../litmus/index.ts';
import type { Machine } from '../../machine/machine.ts';

export interface KernelOptions {
  /** The kernel's sources; those that were built in unless given. */
  readonly sources: DialectProgram | undefined;
  readonly machine: Machine;
  readonly scheme: Scheme;
  readonly overrides: Overrides;
  /** Whether threads know their chain of calls. */
  readonly trace: boolean;
}

/** The kernel in the two forms that a run uses, both on one machine: each is linked when it is first needed. */
export class KernelForms {
  private readonly options: KernelOptions;
  private plain: PlainKernel | undefined;
  private generators: GeneratorKernel | undefined;

  constructor(options: KernelOptions) {
    this.options = options;
  }

  /**
   * Runs a kernel function to its end, on a CPU, with nobody in between.
   * @throws {WouldBlock} if it has to wait
   */
  run(cpu: number, name: string, args: readonly number[]): number {
    const { machine, scheme, overrides, sources = kernelProgram } = this.options;
    this.plain ??= link(sources, 'plain', { scheme, overrides }).instantiate(machine);
    const entry: PlainFunction | undefined = this.plain.functions[name];
    if (entry === undefined) throw new Error(`the kernel has no function '${name}'`);
    machine.cpu = cpu;
    return Number(entry(...args) ?? 0);
  }

  /** Starts a kernel function on a CPU, to be executed step by step. */
  start(cpu: number, name: string, args: readonly number[]): KernelThread {
    const { machine, scheme, overrides, trace, sources = kernelProgram } = this.options;
    this.generators ??= link(sources, 'generators', { scheme, overrides, trace }).instantiate(machine);
    return this.generators.start(cpu, name, ...args);
  }
}
