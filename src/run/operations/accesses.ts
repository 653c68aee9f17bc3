import { PAGE_SIZE } from '../../machine/primitives/bytes.ts';
import type { Content } from '../state/registers.ts';
import { type Adapter, type Adapters, call, type KernelCall, number, result, sequence } from './adapter.ts';
import type { OperationContext } from './context.ts';
import { errno } from './errno.ts';

/** Bytes read and written: by the CPU, by the kernel on behalf of a process, by one process in another. */
export const accesses: Adapters = {
  load: { plan: (context) => call('cpu_load', context.mm, address(context)) },
  store: {
    plan: (context) => call(storeOf(context), context.mm, address(context), context.number('byte')),
  },
  proc_mem_read: { plan: (context) => call('proc_mem_read', context.mm, address(context)) },
  proc_mem_write: {
    plan: (context) => call('proc_mem_write', context.mm, address(context), context.number('byte')),
  },
  peek: remote((context, mm) => call('process_vm_read', mm, address(context), context.number('length'))),
  peek_byte: remote((context, mm) => call('process_vm_read_byte', mm, address(context))),
  poke: remote((context, mm) => call('process_vm_write', mm, address(context), context.number('byte'))),
  pipe_write: copying((context, at) => call('cpu_load', context.mm, at)),
  pipe_read: copying((context, at) => call('cpu_store', context.mm, at, 0)),
};

function address(context: OperationContext): number {
  return context.register('mapping').address + context.number('offset');
}

/** A program that maps with MAP_SYNC does so to write its stores back itself. */
function storeOf(context: OperationContext): string {
  return context.register('mapping').synchronous ? 'cpu_store_durable' : 'cpu_store';
}

/** An access to another process, which may be gone. */
function remote(plan: (context: OperationContext, mm: number) => KernelCall): Adapter {
  return {
    plan: (context) => {
      const mm = context.mmOf(context.processNamed('process'));
      return mm === 0 ? result(errno('ESRCH')) : plan(context, mm);
    },
  };
}

/** The kernel copies a range of user memory on this CPU, page by page; one byte of each page stands for all. */
function copying(access: (context: OperationContext, at: number) => KernelCall): Adapter {
  return {
    plan: (context) => sequence(pagesOf(context).map((at) => access(context, at))),
    finish: (context, returned): Content => {
      if (returned < 0) return number(errno('EFAULT'));
      const next = pagesOf(context)[returned];
      const copied = next === undefined ? context.number('length') : next - address(context);
      return number(copied);
    },
  };
}

/** The first byte of the range in each page that it touches. */
function pagesOf(context: OperationContext): number[] {
  const first = address(context);
  const end = first + context.number('length');
  const starts: number[] = [];
  for (let at = first; at < end; at = at - (at % PAGE_SIZE) + PAGE_SIZE) starts.push(at);
  return starts;
}
