import type { Cpu } from '../../machine/brand.ts';
import type { Machine } from '../../machine/machine.ts';
import { BLOCKED, type Op } from '../../machine/primitive.ts';
import { isPrimitive, type ScopeStep } from '../dialect/scope.ts';
import type { Callable, Selection } from './selection.ts';
import { applySplices, type Splice } from './splice.ts';
import { type CallSite, GeneratorThread, type KernelThread, type Running } from './thread.ts';

/** A kernel function in the generator form: suspended before each primitive. */
export type GeneratorFunction = (...args: number[]) => Op | Op<number>;

/** A kernel whose functions are suspended before each primitive, so that threads can be interleaved. */
export interface GeneratorKernel {
  readonly form: 'generators';
  readonly functions: Readonly<Record<string, GeneratorFunction>>;
  /** Starts a kernel function on a CPU; it stands before its first primitive, or is done. */
  start(cpu: Cpu, name: string, ...args: number[]): KernelThread;
}

/** Compiles a selection into generators; the result makes a kernel for each machine. */
export function linkGenerators(selection: Selection, trace: boolean): (machine: Machine) => GeneratorKernel {
  const { scope } = selection;
  const sites: CallSite[] = [];
  const functions = [...selection.callables.values()];
  const exported = functions.filter(({ declaration }) => declaration.kind === 'function');
  const code = [
    '"use strict";',
    'return function ($machine, $primitive, $at, $enter, $leave) {',
    ...[...scope.structs.keys()].map((name) => `const ${name} = $machine.memory.named("${name}");`),
    ...[...selection.constants].map(([name, value]) => `const ${name} = ${value};`),
    ...[...scope.steps.keys()].map((name) => `const ${name} = $primitive("${name}");`),
    ...functions.map((callable) => generatorText(selection, callable, trace ? sites : undefined)),
    `return { ${exported.map(({ name }) => name).join(', ')} };`,
    '};',
  ].join('\n');
  const instantiate = new Function('$coverage', code)(selection.coverage) as (
    machine: Machine,
    primitive: (name: string) => unknown,
    at: (site: number, op: Op) => Op,
    enter: (site: number, op: Op) => Op,
    leave: <Value>(value: Value) => Value,
  ) => Record<string, GeneratorFunction>;
  return (machine) => {
    const running: Running = { thread: undefined };
    const bound = instantiate(
      machine,
      (name) => bindStep(machine, running, name, scope.steps.get(name)),
      (site, op) => {
        if (running.thread !== undefined) running.thread.site = sites[site];
        return op;
      },
      (site, op) => {
        const entered = sites[site];
        if (entered !== undefined) running.thread?.calls.push(entered);
        return op;
      },
      (value) => {
        running.thread?.calls.pop();
        return value;
      },
    );
    return {
      form: 'generators',
      functions: bound,
      start: (cpu, name, ...args) => {
        const entry = bound[name];
        if (entry === undefined) throw new Error(`the kernel has no function '${name}'`);
        return new GeneratorThread(cpu, entry(...args), (thread) => {
          running.thread = thread;
          machine.cpu = cpu;
        });
      },
    };
  };
}

/** A primitive as a generator that announces itself before it acts; a local function as it is. */
function bindStep(machine: Machine, running: Running, name: string, bound: ScopeStep | undefined): unknown {
  if (bound === undefined) throw new Error(`no step '${name}'`);
  const step = bound.step as (machine: Machine, ...args: readonly unknown[]) => number | undefined;
  if (!isPrimitive(bound)) return (...args: readonly unknown[]) => step(machine, ...args);
  return function* announced(
    ...args: readonly unknown[]
  ): Generator<undefined, number | undefined, undefined> {
    const thread = running.thread;
    if (thread !== undefined) {
      thread.pending = { primitive: name, args };
      thread.blocked = false;
    }
    for (;;) {
      yield;
      const result = step(machine, ...args);
      if (result !== BLOCKED) return result;
      if (thread !== undefined) thread.blocked = true;
    }
  };
}

/** A declaration's text as it stands, with calls renamed by overrides and, when traced, noted. */
function generatorText(selection: Selection, callable: Callable, sites: CallSite[] | undefined): string {
  const { declaration, file } = callable;
  const splices: Splice[] = [];
  if (callable.name !== declaration.name) {
    const from = declaration.kind === 'function' ? declaration.star + 1 : 'function'.length;
    const start = declaration.text.indexOf(declaration.name, from);
    splices.push({ start, end: start + declaration.name.length, text: callable.name });
  }
  for (const call of declaration.calls) {
    const resolved = selection.resolve(callable, call.name);
    if (resolved !== call.name) {
      splices.push({ start: call.callee, end: call.callee + call.name.length, text: resolved });
    }
    if (sites === undefined || !call.suspends) continue;
    const site = sites.push({ caller: declaration.name, file, line: call.line, callee: call.name }) - 1;
    const isStep = selection.scope.steps.has(call.name);
    splices.push({ start: call.start, end: call.start, text: isStep ? '' : '$leave(' });
    splices.push({ start: call.callee, end: call.callee, text: `${isStep ? '$at' : '$enter'}(${site}, ` });
    splices.push({ start: call.end, end: call.end, text: isStep ? ')' : '))' });
  }
  const counters = selection.coverage?.splices(declaration);
  return applySplices(declaration.text, [
    ...(counters?.openings ?? []),
    ...splices,
    ...(counters?.closings ?? []),
  ]);
}
