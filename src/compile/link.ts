import type { Machine } from '../machine/machine.ts';
import type { Scheme } from './dialect/source.ts';
import { type GeneratorKernel, linkGenerators } from './link/generators.ts';
import { linkPlain, type PlainKernel } from './link/plain.ts';
import { type DialectProgram, type Overrides, select } from './link/selection.ts';

/** What is linked, besides the form. */
export interface LinkOptions {
  readonly scheme: Scheme;
  /** Mutations: name of the original → name of its replacement. */
  readonly overrides?: Overrides;
  /** Generator form only: threads know their chain of calls. */
  readonly trace?: boolean;
}

/** A kernel compiled once; each machine gets its own instance, bound to its memory. */
export interface LinkedKernel<Kernel> {
  instantiate(machine: Machine): Kernel;
}

const linked = new WeakMap<DialectProgram, Map<string, LinkedKernel<PlainKernel | GeneratorKernel>>>();

/**
 * Links by name: the shared room, the scheme's room, the overrides. Compiled once for each set of options.
 * @throws {Error} if an override does not fit
 */
export function link(program: DialectProgram, form: 'plain', options: LinkOptions): LinkedKernel<PlainKernel>;
export function link(
  program: DialectProgram,
  form: 'generators',
  options: LinkOptions,
): LinkedKernel<GeneratorKernel>;
export function link(
  program: DialectProgram,
  form: 'plain' | 'generators',
  { scheme, overrides = {}, trace = false }: LinkOptions,
): LinkedKernel<PlainKernel | GeneratorKernel> {
  const cache = linked.get(program) ?? new Map<string, LinkedKernel<PlainKernel | GeneratorKernel>>();
  linked.set(program, cache);
  const key = JSON.stringify([form, scheme, Object.entries(overrides).sort(), trace]);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const selection = select(program, scheme, overrides);
  const instantiate = form === 'plain' ? linkPlain(selection) : linkGenerators(selection, trace);
  const fresh = { instantiate };
  cache.set(key, fresh);
  return fresh;
}
