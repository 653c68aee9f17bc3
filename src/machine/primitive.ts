import type { Machine } from './machine.ts';

/**
 * What a kernel function is while it runs: suspended at each primitive ("about to do X"), so that any other
 * thread may come between two accesses to shared state.
 */
export type Op<Value extends number | void = void> = Generator<undefined, Value, undefined>;

/** What a primitive answers when it cannot proceed yet; its thread stays where it is and asks again. */
export const BLOCKED: number = Number.MIN_SAFE_INTEGER;

/** One indivisible step: reads and writes shared words, returns an integer, `BLOCKED`, or nothing. */
export type Step<Arguments extends readonly unknown[], Value extends number | void> = (
  machine: Machine,
  ...args: Arguments
) => Value;

const stepOf = new WeakMap<object, Step<never[], number | void>>();
const kindOf = new WeakMap<object, StepKind>();

/**
 * How a step is called: `access` and `waiting` by `yield*` (`waiting` may be `BLOCKED`), the others without, since
 * no other thread can come between. `pure` computes from its arguments alone, `fixed` is the same whenever the
 * thread asks, `local` reads or writes what is the thread's own.
 */
export type StepKind = 'access' | 'waiting' | 'local' | 'fixed' | 'pure';

/**
 * Makes a primitive of a step. Kernel functions call it as `yield* name(…)`; the linker binds that call to the
 * step itself in each of the three forms, so the function returned here only carries the type.
 */
export function primitive<Arguments extends readonly unknown[], Value extends number | void>(
  step: Step<Arguments, Value>,
): (...args: Arguments) => Op<Value> {
  const typeOnly = (): Op<Value> => {
    throw new Error('a primitive was called outside of a linked program');
  };
  stepOf.set(typeOnly, step as unknown as Step<never[], number | void>);
  kindOf.set(typeOnly, 'access');
  return typeOnly;
}

/**
 * Makes a primitive that may have to wait. The step answers `false`, having written nothing, while it cannot
 * proceed; its thread is then not enabled.
 */
export function blocking<Arguments extends readonly unknown[]>(
  step: (machine: Machine, ...args: Arguments) => boolean,
): (...args: Arguments) => Op {
  const waiting = primitive<Arguments, number>((machine, ...args) => (step(machine, ...args) ? 0 : BLOCKED));
  kindOf.set(waiting, 'waiting');
  return waiting as unknown as (...args: Arguments) => Op;
}

/**
 * Makes a local function of what touches only the calling thread (its private structs, a warning): kernel
 * functions call it without `yield*`, and no other thread can come between.
 */
export function local<Arguments extends readonly unknown[], Value extends number | void>(
  step: Step<Arguments, Value>,
): (...args: Arguments) => Value {
  return localOfKind('local', step);
}

/** Makes a local function whose value never changes while a thread runs. */
export function fixed(step: Step<[], number>): () => number {
  return localOfKind('fixed', step);
}

/** Makes a local function that computes from its arguments alone; helpers may call it, and the linker may too. */
export function pure<Arguments extends readonly number[]>(
  compute: (...args: Arguments) => number,
): (...args: Arguments) => number {
  return localOfKind('pure', (_machine, ...args) => compute(...args));
}

function localOfKind<Arguments extends readonly unknown[], Value extends number | void>(
  kind: StepKind,
  step: Step<Arguments, Value>,
): (...args: Arguments) => Value {
  const typeOnly = (): Value => {
    throw new Error('a local function was called outside of a linked program');
  };
  stepOf.set(typeOnly, step as unknown as Step<never[], number | void>);
  kindOf.set(typeOnly, kind);
  return typeOnly;
}

/** The step behind a primitive or a local function; `undefined` for anything else. */
export function stepBehind(candidate: unknown): Step<never[], number | void> | undefined {
  return typeof candidate === 'function' ? stepOf.get(candidate) : undefined;
}

/** How the step behind a primitive or a local function is called; `undefined` for anything else. */
export function stepKindBehind(candidate: unknown): StepKind | undefined {
  return typeof candidate === 'function' ? kindOf.get(candidate) : undefined;
}
