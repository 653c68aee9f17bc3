import type { OperationName } from '../../litmus/index.ts';
import type { Request } from '../interpreter/task.ts';
import type { Content } from '../state/registers.ts';
import type { OperationContext } from './context.ts';

/** A kernel function with its arguments. */
export interface KernelCall {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly number[];
}

/** What an operation does. */
export type Plan =
  | KernelCall
  /** Several calls, up to the first that fails. Returns how many did not, or what the first call failed with. */
  | { readonly kind: 'sequence'; readonly calls: readonly KernelCall[] }
  /** Whatever it takes, call by call. */
  | { readonly kind: 'steps'; readonly carryOut: () => Generator<Request, number, number> }
  /** Nothing that others could see: the result is known. */
  | { readonly kind: 'result'; readonly value: number };

/** Whose translations an operation may take away: those of its own address space, or of any. */
export type Takes = 'own' | 'any';

/** How one operation of the language is executed on the kernel. */
export interface Adapter {
  /** Whose translations it may take away, where that depends on its arguments; none unless given. */
  readonly takesAway?: Takes | ((context: OperationContext) => Takes | undefined);
  /** Reads the arguments; called when the operation takes its first step. */
  plan(context: OperationContext): Plan;
  /** What the register takes, from what the plan returned; the number itself unless given. */
  finish?(context: OperationContext, returned: number): Content;
}

/** Adapters by the names of their operations. */
export type Adapters = Partial<Readonly<Record<OperationName, Adapter>>>;

export function call(name: string, ...args: readonly number[]): KernelCall {
  return { kind: 'call', name, arguments: args };
}

export function sequence(calls: readonly KernelCall[]): Plan {
  return { kind: 'sequence', calls };
}

export function steps(carryOut: () => Generator<Request, number, number>): Plan {
  return { kind: 'steps', carryOut };
}

export function result(value: number): Plan {
  return { kind: 'result', value };
}

export function number(value: number): Content {
  return { kind: 'number', value };
}
