import { type Content, type Held, holding, number } from '../registers.ts';
import { type Adapters, plain } from './adapter.ts';
import {
  IORING_OP_READ_FIXED,
  IORING_OP_WRITE_FIXED,
  IORING_REGISTER_BUFFERS,
  IORING_UNREGISTER_BUFFERS,
  O_DIRECT,
  O_RDWR,
  SPLICE,
} from './constants.ts';
import { errno, errnoNumber, type OperationContext } from './context.ts';
import { newPipe, type Pipe, releasePipe, spliceInto } from './pipes.ts';
import { failing, failureOf, newZone, type Request, resultOf, submitRequest } from './requests.ts';

const PAGE = 4096;

/** Pins, rings and direct I/O. */
export const references: Adapters = {
  pin,
  unpin: (context) => ending(context, 'pin', errno('EINVAL')),
  get,
  put: (context) => ending(context, 'reference', errno('EINVAL')),
  dma_read: (context) =>
    throughPin(context, async (ring, page, address, { reader, writer }) => {
      const moved = await context.execute('ring_move', ring, IORING_OP_WRITE_FIXED, writer, page, address);
      const got = await context.call('read', reader, context.calls.at(0), 1);
      const byte = await context.execute('load', context.calls.at(0));
      return moved < 0 ? moved : got < 0 ? got : byte;
    }),
  dma_write: (context) =>
    throughPin(context, async (ring, page, address, { reader, writer }) => {
      context.wrote(address, 1);
      await context.calls.set(0, context.number('byte'), 1);
      await context.call('write', writer, context.calls.at(0), 1);
      return Math.min(
        0,
        await context.execute('ring_move', ring, IORING_OP_READ_FIXED, reader, page, address),
      );
    }),
  io_uring_register: register,
  io_uring_unregister: (context) => ending(context, 'ring', errno('ENXIO')),
  io_submit: async (context) => {
    const isWrite = context.word('access') === 'write';
    if (!isWrite) context.wrote(...context.range());
    const held = await submit(context, ...context.range(), isWrite, newZone(context));
    return typeof held === 'number' ? number(held) : holding(1, held);
  },
  io_getevents: (context) => ending(context, 'request', errno('EINVAL')),
  odirect_write: plain((context) => directly(context, 'pwrite64')),
  odirect_read: plain((context) => {
    context.wrote(...context.range());
    return directly(context, 'pread64');
  }),
};

/**
 * For writing: each page becomes a buffer of a ring of its own, a long-term pin; device pages do not tell these from
 * others. Files allow no such pins: there it is direct I/O into the range, which the disk holds back, and has fail in the
 * end. For reading: direct I/O out of the range.
 */
async function pin(context: OperationContext): Promise<Content> {
  const [address, length] = context.range();
  const pages = pagesOf(context, address, length);
  const start = address - (address % PAGE);
  const isWrite = context.word('access') === 'write';
  const isOfFile = context.world.devices[context.mapping().device]?.kind === 'fsdax';
  if (isWrite && (context.flag('longterm') || !isOfFile)) {
    const ring = await newRing(context);
    const pinned = await context.execute('ring_pin', ring, start, pages);
    if (pinned >= 0)
      return holding(pinned, { kind: 'pages', descriptor: ring, start, pages: pinned }, address);
    await context.call('close', ring);
    return number(pinned);
  }
  if (context.flag('longterm'))
    return context.cannot('nothing in user space pins pages for long to read them only');
  let begun = await inFlight(context, start, pages, isWrite);
  // What takes several requests to the disk says EIO, whatever kept its first page from being pinned.
  if (begun === errnoNumber('EIO')) begun = await inFlight(context, start, 1, isWrite);
  await context.world.lookAtFiles();
  if (typeof begun !== 'number') return holding(pinsBegun(context, start, pages), begun, address);
  return number(begun);
}

/** Direct I/O that the disk holds back; an errno when it has failed already. */
async function inFlight(
  context: OperationContext,
  start: number,
  pages: number,
  isWrite: boolean,
): Promise<Request | number> {
  const zone = newZone(context);
  const held = await submit(context, start, pages * PAGE, !isWrite, isWrite ? failing(zone) : zone);
  return typeof held === 'number' ? held : await failureOf(context, held);
}

/**
 * Pages that a request has just pinned: as their counters say; all of those that are no page of the device, zeros of a
 * hole and private copies, whose counters nobody looks at.
 */
function pinsBegun(context: OperationContext, start: number, pages: number): number {
  const { watch } = context.world;
  const others = Array.from({ length: pages }, (_, page) => start + page * PAGE).filter((address) =>
    context.world.isElsewhere(context.process, context.mapping().device, address),
  );
  return watch.newPins() + others.length;
}

/** Pages that a range touches. */
function pagesOf(context: OperationContext, address: number, length: number): number {
  if (length <= 0) return context.cannot('no system call takes references on nothing');
  return Math.ceil((address + length) / PAGE) - Math.floor(address / PAGE);
}

/** vmsplice into a pipe that has room for all. */
async function get(context: OperationContext): Promise<Content> {
  const [address, length] = context.range();
  if (context.word('access') === 'write') return context.cannot('vmsplice takes pages to read them only');
  const pages = pagesOf(context, address, length);
  const start = address - (address % PAGE);
  const pipe = await newPipe(context, pages * PAGE);
  const bytes = await spliceInto(context, pipe, start, pages * PAGE, SPLICE.NONBLOCK);
  if (bytes >= 0) return holding(Math.ceil(bytes / PAGE), pipe, address);
  await releasePipe(context, pipe);
  return number(bytes);
}

async function register(context: OperationContext): Promise<Content> {
  const ring = await newRing(context);
  const range = await context.calls.range(0, ...context.range());
  const result = await context.call('io_uring_register', ring, IORING_REGISTER_BUFFERS, range, 1);
  if (result >= 0) return holding(0, { kind: 'ring', descriptor: ring });
  await context.call('close', ring);
  return number(result);
}

/** A kernel that has no rings, or lets nobody have one, offers no way; any other failure is the guest's. */
async function newRing(context: OperationContext): Promise<number> {
  const ring = await context.execute('ring');
  if (ring === errnoNumber('ENOSYS') || ring === errnoNumber('EPERM'))
    return context.cannot(`the kernel gives no ring (${ring})`);
  return ring < 0 ? context.fails(`the guest gives no ring (${ring})`) : ring;
}

/** A device reaches the pages of a ring; those of a request only when it finishes. */
async function throughPin(
  context: OperationContext,
  move: (descriptor: number, page: number, address: number, pipe: Pipe) => Promise<number>,
): Promise<Content> {
  const content = own(context, 'pin');
  if (content === null) return errno('EINVAL');
  const { held } = content;
  if (held.kind !== 'pages')
    return context.cannot('a device works through pins for writing on device-DAX only');
  const address = content.address + context.number('offset');
  const page = Math.floor((address - held.start) / PAGE);
  if (address < content.address || page >= held.pages) return errno('EINVAL');
  const pipe = await newPipe(context);
  const result = await move(held.descriptor, page, address, pipe);
  await releasePipe(context, pipe);
  return number(result);
}

/** What a register holds and has not given back; null otherwise. What is the parent's is a mistake to ask for. */
function own(context: OperationContext, name: string): Extract<Content, { kind: 'held' }> | null {
  const content = context.content(name);
  if (content.kind !== 'held') return null;
  if (content.state === 'inherited') {
    return context.mistake('the pages were taken by the parent process, and are its own');
  }
  return content.state === 'own' ? content : null;
}

/** Gives back what a register holds; `gone` is the answer when it did already. */
async function ending(context: OperationContext, name: string, gone: Content): Promise<Content> {
  const content = own(context, name);
  if (content === null) return gone;
  const result = await end(context, content.held);
  context.world.registers.give(context.reference(name), 'released');
  return number(context.operation.operation === 'unpin' ? 0 : result);
}

async function end(context: OperationContext, held: Held): Promise<number> {
  switch (held.kind) {
    case 'pipe':
      await releasePipe(context, held);
      return 0;
    case 'request':
      context.world.releaseZone(held.zone);
      return await resultOf(context, held);
    case 'pages':
    case 'ring': {
      const result = await context.call(
        'io_uring_register',
        held.descriptor,
        IORING_UNREGISTER_BUFFERS,
        0,
        0,
      );
      if (held.kind === 'pages') await context.call('close', held.descriptor);
      return result;
    }
    case 'descriptor':
    case 'file':
      return await context.call('close', held.descriptor);
  }
}

/** Begins direct I/O that the disk holds back; an errno when the system call refuses it. */
async function submit(
  context: OperationContext,
  address: number,
  length: number,
  isWrite: boolean,
  zone: number,
): Promise<Extract<Held, { kind: 'request' }> | number> {
  const disk = await openDisk(context);
  const held = await submitRequest(context, { disk, address, length, zone, isWrite });
  await context.call('close', disk);
  return held;
}

/** Direct I/O on the part of the disk that answers at once. */
async function directly(context: OperationContext, call: 'pread64' | 'pwrite64'): Promise<number> {
  const disk = await openDisk(context);
  const result = await context.call(call, disk, ...context.range(), 0);
  await context.call('close', disk);
  return result;
}

async function openDisk(context: OperationContext): Promise<number> {
  const { disk } = context.world;
  if (disk === null) return context.cannot('the guest has no network block device (module nbd)');
  const descriptor = await context.calls.open(disk, O_RDWR | O_DIRECT);
  return descriptor < 0 ? context.fails(`the guest’s disk does not open (${descriptor})`) : descriptor;
}
