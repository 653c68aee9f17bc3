import { type Content, type Held, holding, number } from '../registers.ts';
import type { Adapters } from './adapter.ts';
import { F_SETPIPE_SZ, FIONREAD, O_CREAT, O_NONBLOCK, O_WRONLY, SPLICE } from './constants.ts';
import { errno, type OperationContext } from './context.ts';

export type Pipe = Extract<Held, { kind: 'pipe' }>;

/** Where pipes are emptied to that go into an ordinary file. */
const FILE = '/daxlab-file';

/** More than any pipe holds. */
const EVERYTHING = 2 ** 30;

/** Pipes that hold pages. None of them ever waits. */
export const pipes: Adapters = {
  vmsplice,
  tee: onPipe(async (context, from) => {
    const to = await newPipe(context);
    const bytes = await context.call('tee', from.reader, to.writer, EVERYTHING, SPLICE.NONBLOCK);
    if (bytes >= 0) return holding(bytes, to);
    await releasePipe(context, to);
    return number(bytes);
  }),
  splice: onPipe(async (context, { reader }) => {
    const file = await context.calls.open(FILE, O_WRONLY | O_CREAT);
    const result = await context.call('splice', reader, 0, file, 0, EVERYTHING, SPLICE.NONBLOCK);
    await context.call('close', file);
    return number(result);
  }),
  pipe_drain: onPipe(async (context, pipe) => {
    const bytes = context.optionalNumber('length') ?? (await available(context, pipe));
    return await context.calls.withBuffer(bytes, async (address) => {
      const result = await context.call('read', pipe.reader, address, bytes);
      const first = await context.execute('load', address);
      if (result > 0) remember(context, { ...pipe, first });
      return number(result);
    });
  }),
  pipe_byte: onPipe(async (_, { first }) => number(first)),
  close_pipe: onPipe(async (context, pipe) => {
    await releasePipe(context, pipe);
    context.world.registers.give(context.reference('pipe'), 'released');
    return number(0);
  }),
};

/** A pipe with room for some bytes; the usual 16 pages unless given. */
export async function newPipe(context: OperationContext, room = 0): Promise<Pipe> {
  const { calls } = context;
  const made = await context.call('pipe2', calls.at(0), O_NONBLOCK);
  if (made < 0) return context.fails(`the guest gives no pipe (${made})`);
  const [reader, writer] = [await calls.get(0, 4), await calls.get(4, 4)];
  const given = room === 0 ? made : await context.call('fcntl', writer, F_SETPIPE_SZ, room);
  if (given < 0) return context.cannot(`the kernel gives no pipe of ${room} bytes (${given})`);
  return { kind: 'pipe', reader, writer, first: 0 };
}

/** Bytes that a pipe holds. */
async function available(context: OperationContext, { reader }: Pipe): Promise<number> {
  const result = await context.call('ioctl', reader, FIONREAD, context.calls.at(0));
  return result < 0 ? result : await context.calls.get(0, 4);
}

function remember(context: OperationContext, held: Pipe): void {
  const content = context.content('pipe');
  if (content.kind === 'held') context.world.registers.write(context.reference('pipe'), { ...content, held });
}

/** vmsplice(2) of a range. */
export async function spliceInto(
  context: OperationContext,
  { writer }: Pipe,
  address: number,
  bytes: number,
  flags: number,
): Promise<number> {
  return await context.call('vmsplice', writer, await context.calls.range(16, address, bytes), 1, flags);
}

export async function releasePipe(context: OperationContext, { reader, writer }: Pipe): Promise<void> {
  await context.call('close', writer);
  await context.call('close', reader);
}

/** An operation on the pipe in the register `pipe`; `gone` once it was given back. */
function onPipe(
  execute: (context: OperationContext, pipe: Pipe) => Promise<Content>,
  gone = 'EINVAL',
): (context: OperationContext) => Promise<Content> {
  return async (context) => {
    const content = context.content('pipe');
    if (content.kind !== 'held' || content.held.kind !== 'pipe') return errno(gone);
    if (content.state === 'inherited') {
      return context.mistake('the pages were taken by the parent process, and are its own');
    }
    return content.state === 'own' ? await execute(context, content.held) : errno(gone);
  };
}

async function vmsplice(context: OperationContext): Promise<Content> {
  const flags = SPLICE.NONBLOCK | (context.flag('gift') ? SPLICE.GIFT : 0);
  const into = async (pipe: Pipe): Promise<number> =>
    await spliceInto(context, pipe, ...context.range(), flags);
  if (context.hasRegister('pipe')) {
    return await onPipe(async (_, pipe) => number(await into(pipe)), 'EBADF')(context);
  }
  const pipe = await newPipe(context);
  const bytes = await into(pipe);
  if (bytes >= 0) return holding(bytes, pipe);
  await releasePipe(context, pipe);
  return number(bytes);
}
