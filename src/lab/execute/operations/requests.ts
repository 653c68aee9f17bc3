import type { Held } from '../registers.ts';
import { errnoNumber, type OperationContext, type OperationWorld } from './context.ts';

export type Request = Extract<Held, { kind: 'request' }>;

/** Bytes of a zone of the disk. */
const ZONE = 2 ** 30;

/** `struct iocb`'s opcodes. */
const IOCB_CMD_PREAD = 0;
const IOCB_CMD_PWRITE = 1;

/** Places in the thread's memory: the queue, a pointer to the request, the request, what came of it, and no time at all. */
const QUEUE = 0;
const POINTER = 8;
const BLOCK = 64;
const EVENT = 128;
const NO_TIME = 192;
const END = 256;

/** Where in `struct io_event` its result is. */
const EVENT_RESULT = 16;

export interface RequestSpec {
  /** A descriptor of the disk. */
  readonly disk: number;
  readonly address: number;
  readonly length: number;
  readonly zone: number;
  /** Whether the disk is written: memory is read then. */
  readonly isWrite: boolean;
}

/**
 * Requests that a test may have in flight. A disk takes only so many at a time, and whoever begins one more sleeps until one of
 * them is over, which looks like a hang: with 260 that was seen on Linux 7.3, with 250 not.
 */
const MOST_IN_FLIGHT = 250;

/** What there is of an operation's context for choosing a zone. */
export interface ZoneContext {
  readonly world: Pick<OperationWorld, 'nextZone' | 'requestsHeld'>;
  /** Ends the test, which asks for what this kernel cannot be asked. */
  cannot(why: string): never;
}

/** A zone for another request. */
export function newZone(context: ZoneContext): number {
  const { world } = context;
  const zone = world.nextZone();
  if (zone >= FAILING) return context.cannot(`the guest’s disk serves ${FAILING - 1} requests a test`);
  if (world.requestsHeld() < MOST_IN_FLIGHT) return zone;
  return context.cannot(`the guest’s disk holds back ${MOST_IN_FLIGHT} requests at a time`);
}

/** The same zone's double in the upper half of the disk, whose requests fail when they are released (guest/block.c). */
export function failing(zone: number): number {
  return zone + FAILING;
}

/** Zones of the disk, from here on. */
const FAILING = 2048;

/** Begins direct I/O (aio) between memory and a zone of the disk; an errno when the system call refuses it. */
export async function submitRequest(context: OperationContext, spec: RequestSpec): Promise<Request | number> {
  const { calls } = context;
  const { disk, address, length, zone, isWrite } = spec;
  await context.execute('zero', calls.at(0), END);
  const made = await context.call('io_setup', 1, calls.at(QUEUE));
  if (made < 0) return made;
  const queue = await calls.get(QUEUE, 8);
  await calls.set(POINTER, calls.at(BLOCK));
  await calls.set(BLOCK + 16, isWrite ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD, 2);
  await calls.set(BLOCK + 20, disk, 4);
  await calls.set(BLOCK + 24, address);
  await calls.set(BLOCK + 32, length);
  await calls.set(BLOCK + 40, zone * ZONE);
  const submitted = await context.call('io_submit', queue, 1, calls.at(POINTER));
  if (submitted >= 0) return { kind: 'request', queue, zone, result: null };
  await context.call('io_destroy', queue);
  return submitted;
}

/** The request as it is now; an errno when it has failed already, and is no more. */
export async function failureOf(context: OperationContext, request: Request): Promise<Request | number> {
  const result = await look(context, request, 0);
  if (result === null || result >= 0) return { ...request, result };
  await context.call('io_destroy', request.queue);
  return result;
}

/** Waits for the end of a request, which then is no more: its result. */
export async function resultOf(context: OperationContext, request: Request): Promise<number> {
  const result = await look(context, request, 1);
  if (result === null) return errnoNumber('EINVAL');
  await context.call('io_destroy', request.queue);
  return result;
}

/** Result of a request; null while it is in flight, which with `least` 1 is waited for. */
async function look(context: OperationContext, request: Request, least: 0 | 1): Promise<number | null> {
  if (request.result !== null) return request.result;
  const { calls } = context;
  await context.execute('zero', calls.at(NO_TIME), 16);
  const timeout = least === 0 ? calls.at(NO_TIME) : 0;
  const events = await context.call('io_getevents', request.queue, least, 1, calls.at(EVENT), timeout);
  return events < 1 ? null : await calls.get(EVENT + EVENT_RESULT, 8);
}
