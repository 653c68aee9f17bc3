import { textOf } from '../../../litmus/index.ts';
import { SYSTEM_CALLS } from '../../agent/systemCalls.ts';
import { filePath } from '../files/testFiles.ts';
import { type Content, type Held, holding, number } from '../registers.ts';
import { type Adapter, type Adapters, plain } from './adapter.ts';
import { FALLOC_FL_KEEP_SIZE, FALLOCATE, FICLONE, O_CREAT, O_RDWR, SEEK_END } from './constants.ts';
import { errno, errnoNumber, type OperationContext } from './context.ts';

type OpenFile = Extract<Held, { kind: 'file' }>;

/** Milliseconds that writing a new file may sleep: its file system waits for its own work. */
const WRITING_PATIENCE = 3000;

/** Files on DAX file systems. */
export const files: Adapters = {
  open,
  ftruncate: onFile((context, { descriptor }) =>
    context.call('ftruncate', descriptor, context.number('size')),
  ),
  fallocate: onFile((context, { descriptor }) =>
    context.call(
      'fallocate',
      descriptor,
      (FALLOCATE[context.word('mode')] ?? 0) | (context.flag('keep_size') ? FALLOC_FL_KEEP_SIZE : 0),
      context.number('offset'),
      context.number('length'),
    ),
  ),
  punch: onFile((context, { descriptor }) =>
    context.call(
      'fallocate',
      descriptor,
      FALLOCATE.punch ?? 0,
      context.number('offset'),
      context.number('length'),
    ),
  ),
  fsync: onFile((context, { descriptor }) => context.call('fsync', descriptor)),
  fdatasync: onFile((context, { descriptor }) => context.call('fdatasync', descriptor)),
  reflink: onFile((context, { descriptor }) => {
    const clone = openFile(context, 'clone');
    if (clone === null) return Promise.resolve(errnoNumber('EBADF'));
    return context.call('ioctl', clone.descriptor, FICLONE, descriptor);
  }),
  unlink: plain(async (context) => {
    const device = context.device('device');
    const name = nameOf(context);
    const result = await context.calls.callOnPath('unlinkat', filePath(device, name), 0);
    if (result >= 0) context.world.files.unlinked(device, name);
    return result;
  }),
  read: onFile(async (context, { descriptor }) => {
    const result = await context.call(
      'pread64',
      descriptor,
      context.calls.at(0),
      1,
      context.number('offset'),
    );
    const byte = await context.execute('load', context.calls.at(0));
    return result > 0 ? byte : result;
  }),
  write: onFile(async (context, { descriptor }) => {
    await context.calls.set(0, context.number('byte'), 1);
    const result = await context.call(
      'pwrite64',
      descriptor,
      context.calls.at(0),
      1,
      context.number('offset'),
    );
    return Math.min(0, result);
  }),
  crash: (context) => context.cannot('a machine that loses its power loses the agent and its memory'),
};

/**
 * An empty file, as a new one is, that is opened for creation with a size gets its blocks, and zeros in all of them. A size below 0
 * makes no file.
 */
async function open(context: OperationContext): Promise<Content> {
  const { calls, world } = context;
  world.takeOwnTurn();
  const device = context.device('device');
  const name = nameOf(context);
  const path = filePath(device, name);
  const isCreated = context.flag('create');
  const size = isCreated ? (context.optionalNumber('size') ?? 0) : 0;
  if (size < 0) return errno('EINVAL');
  const descriptor = await calls.open(path, isCreated ? O_RDWR | O_CREAT : O_RDWR);
  if (descriptor < 0) return number(descriptor);
  const file = world.files.opened(device, name);
  const isToFill = size > 0 && (await context.call('lseek', descriptor, 0, SEEK_END)) === 0;
  const failure = isToFill ? await fill(context, descriptor, size) : 0;
  if (failure >= 0) return holding(0, { kind: 'file', descriptor, device: device.index, file });
  await context.call('close', descriptor);
  return number(failure);
}

/** Gives a new file its blocks and writes zeros to all of them, which are durable then; 0 or an errno. */
async function fill(context: OperationContext, descriptor: number, size: number): Promise<number> {
  const patiently = (...args: readonly number[]): Promise<number> =>
    context.executePatiently(WRITING_PATIENCE, 'syscall', ...args);
  const allocated = await patiently(SYSTEM_CALLS.fallocate, descriptor, 0, 0, size);
  if (allocated < 0) return allocated;
  const written = await context.calls.withBuffer(size, (zeros) =>
    patiently(SYSTEM_CALLS.pwrite64, descriptor, zeros, size, 0),
  );
  return written < 0 ? written : await patiently(SYSTEM_CALLS.fsync, descriptor);
}

/** A name that the guest can be told: commands are words. */
function nameOf(context: OperationContext): string {
  const name = textOf(context.operation, 'name') ?? '';
  return /\s/.test(name) ? context.cannot(`the agent takes no name with white space, like '${name}'`) : name;
}

/** An operation on the file in the register `file`. */
function onFile(execute: (context: OperationContext, file: OpenFile) => Promise<number>): Adapter {
  return async (context) => {
    const file = openFile(context, 'file');
    return file === null ? errno('EBADF') : number(await execute(context, file));
  };
}

/** The file in a register; null once its descriptor was closed. */
function openFile(context: OperationContext, name: string): OpenFile | null {
  const content = context.content(name);
  return content.kind === 'held' && content.held.kind === 'file' && content.state === 'own'
    ? content.held
    : null;
}
