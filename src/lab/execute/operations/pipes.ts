import { halves } from '../../agent/laterResult.ts';
import { type Content, type Held, holding, number } from '../registers.ts';
import type { Adapters } from './adapter.ts';
import { O_CREAT, O_WRONLY, SPLICE } from './constants.ts';
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
    const file = await context.execute('open', FILE, O_WRONLY | O_CREAT);
    const result = await context.call('splice', reader, 0, file, 0, EVERYTHING, SPLICE.NONBLOCK);
    await context.call('close', file);
    return number(result);
  }),
  pipe_drain: onPipe(async (context, { reader }) => {
    const bytes = context.optionalNumber('length') ?? (await context.execute('available', reader));
    return number(await context.execute('drain', reader, bytes));
  }),
  pipe_byte: onPipe(async (context, { reader }) => number(await context.execute('drained', reader))),
  close_pipe: onPipe(async (context, pipe) => {
    await releasePipe(context, pipe);
    context.world.registers.give(context.reference('pipe'), 'released');
    return number(0);
  }),
};

/** A pipe with room for some bytes; the usual 16 pages unless given. */
export async function newPipe(context: OperationContext, room = 0): Promise<Pipe> {
  const ends = await context.execute('pipe', room);
  if (ends < 0) return context.cannot(`the kernel gives no pipe of ${room} bytes (${ends})`);
  const [reader, writer] = halves(ends);
  return { kind: 'pipe', reader, writer };
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
    await context.execute('vmsplice', pipe.writer, ...context.range(), flags);
  if (context.hasRegister('pipe')) {
    return await onPipe(async (_, pipe) => number(await into(pipe)), 'EBADF')(context);
  }
  const pipe = await newPipe(context);
  const bytes = await into(pipe);
  if (bytes >= 0) return holding(bytes, pipe);
  await releasePipe(context, pipe);
  return number(bytes);
}
