import { constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { isatty, ReadStream as TerminalStream } from 'node:tty';

/**
 * What comes from a file that is no plain one. One that others write to is opened without waiting for them: a thread that
 * waited would keep the process from its end.
 */
export function inputStream(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (isatty(fd)) return new TerminalStream(fd);
  return fstatSync(fd).isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream('', { fd });
}

/** All of a stream, as text. Fails at once when the signal comes. */
export async function readAll(stream: Readable, signal: AbortSignal): Promise<string> {
  addAbortSignal(signal, stream);
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
