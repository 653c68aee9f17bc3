import { pagemapEntry } from '../pagemap.ts';
import { type Adapters, plain } from './adapter.ts';
import { O_RDWR } from './constants.ts';
import type { OperationContext } from './context.ts';
import { newPipe, releasePipe } from './pipes.ts';

/** Bytes read and written, and what user space sees of its pages. */
export const accesses: Adapters = {
  load: plain((context) => context.execute('load', context.address())),
  store: plain((context) => {
    context.wrote(context.address(), 1);
    return context.execute('store', context.address(), context.number('byte'));
  }),
  proc_mem_read: plain((context) =>
    byteFrom(context, (address) => throughMemoryFile(context, 'pread64', address)),
  ),
  proc_mem_write: plain(async (context) => {
    context.wrote(context.address(), 1);
    await context.calls.set(0, context.number('byte'), 1);
    return await throughMemoryFile(context, 'pwrite64', context.calls.at(0));
  }),
  peek: plain(async (context) => {
    const length = context.number('length');
    return await context.calls.withBuffer(length, (address) =>
      betweenProcesses(context, 'process_vm_readv', address, length),
    );
  }),
  peek_byte: plain((context) =>
    byteFrom(context, (address) => betweenProcesses(context, 'process_vm_readv', address, 1)),
  ),
  poke: plain(async (context) => {
    context.wrote(context.address(), 1, context.other());
    await context.calls.set(0, context.number('byte'), 1);
    return await betweenProcesses(context, 'process_vm_writev', context.calls.at(0), 1);
  }),
  pipe_write: plain(async (context) => {
    const pipe = await newPipe(context, context.number('length'));
    const result = await context.call('write', pipe.writer, ...context.range());
    await releasePipe(context, pipe);
    return result;
  }),
  pipe_read: plain(async (context) => {
    context.wrote(...context.range());
    const pipe = await newPipe(context, context.number('length'));
    const length = context.number('length');
    await context.calls.withBuffer(length, (zeros) => context.call('write', pipe.writer, zeros, length));
    const result = await context.call('read', pipe.reader, ...context.range());
    await releasePipe(context, pipe);
    return result;
  }),
  pagemap: plain(async (context) => {
    const entry = await pagemapEntry(context.calls, context.address());
    if (typeof entry === 'number') return context.fails(`the guest does not read its pagemap (${entry})`);
    if (!entry.present) return -1;
    return context.world.devices[context.mapping().device]?.pageAt(entry.frame) ?? -1;
  }),
  mincore: plain(async (context) => {
    const { calls } = context;
    const result = await context.call('mincore', context.address(), 4096, calls.at(0));
    const resident = await context.execute('load', calls.at(0));
    return result < 0 ? result : resident % 2;
  }),
  smaps_rss: plain((context) =>
    context.execute('smaps_rss', context.mapping().address, context.mapping().length),
  ),
  clear_refs: plain((context) => context.calls.put('/proc/self/clear_refs', `${context.number('value')}`)),
};

/** A byte that a system call reads to an address; what that fails with. */
async function byteFrom(
  context: OperationContext,
  read: (address: number) => Promise<number>,
): Promise<number> {
  const result = await read(context.calls.at(0));
  const byte = await context.execute('load', context.calls.at(0));
  return result < 0 ? result : byte;
}

/** Moves one byte of the process through /proc/self/mem. */
async function throughMemoryFile(
  context: OperationContext,
  call: 'pread64' | 'pwrite64',
  address: number,
): Promise<number> {
  const file = await context.calls.open('/proc/self/mem', O_RDWR);
  const result = await context.call(call, file, address, 1, context.address());
  await context.call('close', file);
  return result;
}

async function betweenProcesses(
  context: OperationContext,
  call: 'process_vm_readv' | 'process_vm_writev',
  address: number,
  bytes: number,
): Promise<number> {
  const here = await context.calls.range(16, address, bytes);
  const there = await context.calls.range(32, context.address(), bytes);
  return await context.call(call, idOfOther(context), here, 1, there, 1, 0);
}

/** Nobody has this process id: what a process is asked for that does not run. */
const NOBODY = 0x7fffffff;

function idOfOther(context: OperationContext): number {
  return context.other().id ?? NOBODY;
}
