import { SYSTEM_CALLS } from '../../agent/systemCalls.ts';
import { driverOf } from '../driver.ts';
import { freeBlocks, mount, umount } from '../files/mounting.ts';
import { type Content, holding, number } from '../registers.ts';
import { type Adapter, type Adapters, plain } from './adapter.ts';
import { FALLOCATE, O_CREAT, O_RDWR, O_WRONLY, SEEK_END } from './constants.ts';
import { errno, type OperationContext } from './context.ts';
import { newPipe, releasePipe } from './pipes.ts';

const FILE = '/daxlab-file';

/** Milliseconds that detaching a driver, or unmounting, may sleep: it waits for grace periods, disks, and its own references. */
const DRIVER_PATIENCE = 3000;

/** Devices, their drivers and their descriptors. */
export const devices: Adapters = {
  open_device: async (context) => {
    const { path, index } = context.device('device');
    const descriptor = await context.calls.open(path, context.flag('wronly') ? O_WRONLY : O_RDWR);
    return descriptor < 0
      ? number(descriptor)
      : holding(0, { kind: 'descriptor', descriptor, device: index });
  },
  close,
  fd_read: plain((context) => context.call('pread64', own(context), 0, 1, context.number('offset'))),
  fd_write: plain((context) => context.call('pwrite64', own(context), 0, 1, context.number('offset'))),
  fd_lseek: plain((context) => context.call('lseek', own(context), 0, SEEK_END)),
  fd_ftruncate: plain((context) => context.call('ftruncate', own(context), context.number('size'))),
  fd_fallocate: plain((context) =>
    context.call(
      'fallocate',
      own(context),
      FALLOCATE[context.word('mode')] ?? 0,
      context.number('offset'),
      context.number('length'),
    ),
  ),
  fd_splice: plain(async (context) => {
    const pipe = await newPipe(context);
    const result = await context.call('splice', own(context), 0, pipe.writer, 0, context.number('length'), 0);
    await releasePipe(context, pipe);
    return result;
  }),
  fd_sendfile: plain(async (context) => {
    const file = await context.calls.open(FILE, O_WRONLY | O_CREAT);
    const result = await context.call('sendfile', file, own(context), 0, context.number('length'));
    await context.call('close', file);
    return result;
  }),
  unbind: driver('unbind'),
  bind: driver('bind'),
  mount: plain((context) => mount(context.calls, context.device('device'), patiently(context))),
  umount: plain((context) => umount(context.calls, context.device('device'), patiently(context))),
};

/** A system call that may sleep for a while without being blocked. */
function patiently(context: OperationContext): (...numbers: readonly number[]) => Promise<number> {
  return (...numbers) => context.executePatiently(DRIVER_PATIENCE, 'syscall', ...numbers);
}

/** The descriptor that a process has of a device from the start. */
function own(context: OperationContext): number {
  return context.process.descriptorOf(context.device('device').index);
}

function driver(action: 'bind' | 'unbind'): Adapter {
  return async (context) => {
    const device = context.device('device');
    if (device.kind === 'fsdax' && action === 'bind') {
      context.world.takeOwnTurn();
      if ((await freeBlocks(context.calls, device)) !== null)
        return context.cannot('a file system whose device was gone stays shut down');
    }
    const { driver, path, name } = driverOf(device);
    const isHeld = (): boolean => device.isBound && action === 'unbind' && context.world.arePagesHeld();
    const wasHeld = isHeld();
    const result = await context.calls.put(`${driver}/${action}`, name, (...args) =>
      context.executePatiently(DRIVER_PATIENCE, 'syscall', SYSTEM_CALLS.write, ...args),
    );
    if (wasHeld || isHeld()) device.wasTornDown = true;
    const link = await context.calls.open(`${path}/driver`, 0);
    if (link >= 0) await context.call('close', link);
    device.isBound = link >= 0;
    if (!device.isBound) device.wasUnbound = true;
    return number(result);
  };
}

async function close(context: OperationContext): Promise<Content> {
  const content = context.content('descriptor');
  if (content.kind !== 'held' || content.state === 'closed') return errno('EBADF');
  if (content.state === 'released' && context.kindOf('descriptor') !== 'ring') return errno('EBADF');
  const { held } = content;
  if (held.kind === 'ring' && content.state === 'own') context.world.settleLater();
  let result = 0;
  if (held.kind === 'pipe') await releasePipe(context, held);
  else if (held.kind !== 'request') result = await context.call('close', held.descriptor);
  context.world.registers.give(context.reference('descriptor'), 'closed');
  return number(result);
}
