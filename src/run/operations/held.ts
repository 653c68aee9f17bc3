import { HOLDER_PIPE, holder } from '../../kernel/state/holder.ts';
import { REGISTER_INHERITED } from '../state/register.ts';
import type { Content } from '../state/registers.ts';
import { type Adapter, type KernelCall, number, type Plan, result } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { errno } from './errno.ts';
import { TestError } from './testError.ts';

/** The register takes a holder of pages; expressions read a number of it. */
export function holding(value: 'pages' | 'length' | number): NonNullable<Adapter['finish']> {
  return (context, returned): Content => {
    if (returned < 0) return number(returned);
    const known = typeof value === 'number' ? value : context.world.memory.of(holder)[value].get(returned);
    return { kind: 'object', value: known, object: returned };
  };
}

/** An operation on the holder in a register; `gone` once it was given back. */
export function onHolder(
  name: string,
  plan: (object: number, context: OperationContext) => Plan,
  gone = 'EINVAL',
): Adapter['plan'] {
  return (context) => {
    const { state, object } = context.register(name);
    if (state === REGISTER_INHERITED) {
      const { operation, span } = context.operation;
      throw new TestError(`${operation}: the pages were taken by the parent process, and are its own`, span);
    }
    return object === 0 ? result(errno(gone)) : plan(object, context);
  };
}

/** The same for an operation that gives the holder back; its register keeps its number. */
export function releasing(
  name: string,
  plan: (object: number, context: OperationContext) => KernelCall,
  gone = 'EINVAL',
): Adapter {
  return {
    plan: onHolder(name, plan, gone),
    finish: (context, returned) => {
      if (context.register(name).object !== 0) context.world.registers.release(context.reference(name));
      return number(returned);
    },
  };
}

/** Whether a holder is a pipe. */
export function isPipe(context: OperationContext, object: number): boolean {
  return context.world.memory.of(holder).kind.get(object) === HOLDER_PIPE;
}

/** First byte and bytes of the range of a mapping that an operation names. */
export function rangeOf(context: OperationContext): [address: number, length: number] {
  return [context.register('mapping').address + context.number('offset'), context.number('length')];
}
