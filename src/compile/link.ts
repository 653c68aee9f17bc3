import type { Machine } from '../machine/machine.ts';
import type { Scheme } from './dialect/source.ts';
import { compileFrames } from './frames/compile.ts';
import type { FrameProgram } from './frames/program.ts';
import { sharedFrames } from './frames/sharing.ts';
import { type GeneratorKernel, linkGenerators } from './link/generators.ts';
import { linkPlain, type PlainKernel } from './link/plain.ts';
import { type DialectProgram, type Overrides, type Selection, select } from './link/selection.ts';

/** What is linked, besides the form. */
export interface LinkOptions {
  readonly scheme: Scheme;
  /** Mutations: name of the original → name of its replacement. */
  readonly overrides?: Overrides;
  /** Generator form only: threads know their chain of calls. */
  readonly trace?: boolean;
  /** Frames only: words of a frame that hold nothing are 0; `true` unless given. */
  readonly zeroing?: boolean;
}

/** A kernel compiled once; each machine gets its own instance, bound to its memory. */
export interface LinkedKernel<Kernel> {
  instantiate(machine: Machine): Kernel;
}

/** A kernel whose functions are compiled to frames as they are asked for, each once. */
export interface FrameKernel {
  /**
   * The frames of one kernel function with all that it calls.
   * @throws {Error} if the kernel has no such function, or it cannot be inlined
   */
  program(entry: string): FrameProgram;
}

/** What each form of a linked kernel is. */
export interface Forms {
  readonly plain: LinkedKernel<PlainKernel>;
  readonly generators: LinkedKernel<GeneratorKernel>;
  readonly frames: FrameKernel;
}

const linked = new WeakMap<DialectProgram, Map<string, Forms[keyof Forms]>>();

/**
 * Links by name: the shared room, the scheme's room, the overrides. Compiled once for each set of options.
 * @throws {Error} if an override does not fit
 */
export function link<Form extends keyof Forms>(
  program: DialectProgram,
  form: Form,
  options: LinkOptions,
): Forms[Form] {
  const cache = linked.get(program) ?? new Map<string, Forms[keyof Forms]>();
  linked.set(program, cache);
  const { scheme, overrides = {}, trace = false, zeroing = true } = options;
  const key = JSON.stringify([form, scheme, Object.entries(overrides).sort(), trace, zeroing]);
  const kernel = cache.get(key) ?? linkForm(form, select(program, scheme, overrides), trace, zeroing);
  cache.set(key, kernel);
  return kernel as Forms[Form];
}

function linkForm(
  form: keyof Forms,
  selection: Selection,
  trace: boolean,
  zeroing: boolean,
): Forms[keyof Forms] {
  switch (form) {
    case 'plain':
      return { instantiate: linkPlain(selection) };
    case 'generators':
      return { instantiate: linkGenerators(selection, trace) };
    case 'frames':
      return frameKernel(selection, zeroing);
  }
}

function frameKernel(selection: Selection, zeroing: boolean): FrameKernel {
  const programs = new Map<string, FrameProgram>();
  return {
    program: (entry) => {
      const program =
        programs.get(entry) ??
        sharedFrames(selection, entry, zeroing, () => compileFrames(selection, entry, { zeroing }));
      programs.set(entry, program);
      return program;
    },
  };
}
