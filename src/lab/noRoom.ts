import { LabError } from './labError.ts';

/** What the C library calls ENOSPC. */
export const NO_ROOM = 'No space left on device';

/** Makes one clear line of an error that means a full disk; any other error goes on as it is. */
export function explainNoRoom(error: unknown, folder: string, setting: string): unknown {
  const isFull =
    error instanceof Error &&
    ((error as NodeJS.ErrnoException).code === 'ENOSPC' || error.message.includes(NO_ROOM));
  return isFull
    ? new LabError(`no room left in ${folder}: free some, or set ${setting} to a folder with room`)
    : error;
}
