import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../labError.ts';
import { roomIn } from '../noRoom.ts';
import { isRunning } from '../process/isRunning.ts';

const IN_MEMORY = '/dev/shm';

/** Where guests' memory may be: in the file system that is memory itself, or else among the temporary files. */
const PLACES: readonly string[] = [IN_MEMORY, tmpdir()];

/** Room for what is beside the guest's memory: the kernel and the initramfs. */
const OTHER_BYTES = 192 * 2 ** 20;

/** A folder of one machine, which nobody else can look into. */
export interface MachineFolder {
  readonly path: string;
  /** The folder that it is in. */
  readonly place: string;
  /** May be called again. */
  remove(): void;
}

/** Most bytes that the memory of a guest may have on this machine. */
export function roomForGuest(places: readonly string[] = PLACES): number {
  const rooms = places.filter((place) => existsSync(place)).map((place) => roomIn(place) - OTHER_BYTES);
  return Math.max(0, ...rooms);
}

/**
 * Makes a machine's folder in the first place where its memory fits.
 *
 * @param ramBytes size of the guest's memory
 * @throws LabError when it fits nowhere
 */
export function makeMachineFolder(ramBytes: number, places: readonly string[] = PLACES): MachineFolder {
  const place = places.find(
    (candidate) => existsSync(candidate) && roomIn(candidate) >= ramBytes + OTHER_BYTES,
  );
  if (place === undefined) {
    const needed = Math.ceil((ramBytes + OTHER_BYTES) / 2 ** 20);
    throw new LabError(
      `no room for the guest's memory: ${needed} MiB must be free in ${places.join(' or ')}`,
    );
  }
  removeAbandoned(place);
  const path = mkdtempSync(join(place, `daxlab-${process.pid}-`));
  return { path, place, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Removes folders whose owners were killed before a machine was there to take them with it. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const owner = /^daxlab-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}
