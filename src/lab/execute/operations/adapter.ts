import type { OperationName } from '../../../litmus/index.ts';
import { type Content, number } from '../registers.ts';
import type { OperationContext } from './context.ts';

/** Executes one operation on a real kernel: what its register takes. */
export type Adapter = (context: OperationContext) => Promise<Content>;

/** Adapters by the names of their operations. */
export type Adapters = Partial<Readonly<Record<OperationName, Adapter>>>;

/** An operation whose result is the agent's. */
export function plain(execute: (context: OperationContext) => Promise<number>): Adapter {
  return async (context) => number(await execute(context));
}
