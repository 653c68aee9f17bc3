import { statfsSync } from 'node:fs';
import { LabError } from './labError.ts';

/** What the C library calls ENOSPC. */
export const NO_ROOM = 'No space left on device';

/** With less than this a folder is full: programs that wait for room rather than fail leave about as much. */
const FULL_BYTES = 4 * 2 ** 20;

/** Bytes that may still be written below a folder. */
export function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The one line for a folder that is full, or will be. */
export function noRoomError(folder: string, setting: string): LabError {
  return new LabError(`no room left in ${folder}: free some, or set ${setting} to a folder with room`);
}

/** Makes one clear line of an error that means a full disk; any other error goes on as it is. */
export function explainNoRoom(error: unknown, folder: string, setting: string): unknown {
  if (!(error instanceof Error)) return error;
  const saysSo = (error as NodeJS.ErrnoException).code === 'ENOSPC' || error.message.includes(NO_ROOM);
  const isFull = saysSo || (error instanceof LabError && roomIn(folder) < FULL_BYTES);
  return isFull ? noRoomError(folder, setting) : error;
}
