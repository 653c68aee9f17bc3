import { closeSync, openSync, readSync } from 'node:fs';
import { InspectError } from '../inspectError.ts';
import type { ByteSource } from './byteSource.ts';

/** A file that is open for reading until it is closed. */
export interface OpenFile extends ByteSource {
  readonly close: () => void;
}

/** Fills the bytes from `filled` on. What the system refuses to read, as /proc/kcore does, counts as not there. */
function readAt(descriptor: number, bytes: Uint8Array, filled: number, position: number | bigint): number {
  try {
    return readSync(descriptor, bytes, filled, bytes.length - filled, position);
  } catch {
    return 0;
  }
}

/**
 * Opens a file of guest memory, a core file or /proc/kcore. Every read goes to the file anew, so that what a running
 * guest changes is seen.
 *
 * @throws InspectError when the file cannot be opened
 */
export function openFile(path: string): OpenFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw new InspectError(`${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`);
  }
  return {
    read: (position, length) => {
      // Not cleared: it is filled by what is read, and the search for a kernel reads gigabytes.
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const at = typeof position === 'bigint' ? position + BigInt(filled) : position + filled;
        const count = readAt(descriptor, bytes, filled, at);
        if (count === 0) return bytes.subarray(0, filled);
        filled += count;
      }
      return bytes;
    },
    close: () => closeSync(descriptor),
  };
}
