import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { DOCTOR, LabError } from '../labError.ts';
import { elfFile, interpreterOf, neededBy } from './elfFile.ts';
import type { ArchiveEntry } from './newcArchive.ts';

/** Administrators' programs are not in everybody's PATH. */
const ADMINISTRATORS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where the loader looks without being told, Debian's folders and those of others. */
const LIBRARY_FOLDERS = [
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/lib',
  '/usr/lib',
];

/** Path of a program of this machine; null when there is none of that name. */
export function findProgram(name: string, path: string = process.env.PATH ?? ''): string | null {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...ADMINISTRATORS];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** Whether a file is a program that needs no shared library. */
export function isStaticProgram(path: string): boolean {
  const elf = elfFile(readFileSync(path));
  return elf !== null && interpreterOf(elf) === null && neededBy(elf).length === 0;
}

/**
 * A program of this machine with all the shared libraries that it needs, each where it is here.
 *
 * @param place where the archive has the program
 * @throws LabError when the program or one of its libraries is missing
 */
export function withLibraries(name: string, place: string): ArchiveEntry[] {
  const path = findProgram(name);
  if (path === null) throw new LabError(`there is no ${name} on this machine: ${DOCTOR}`);
  const content = readFileSync(path);
  const libraries = new Map<string, Buffer>();
  const interpreter = interpreterOf(elfOf(path, content));
  if (interpreter !== null) libraries.set(interpreter, readFileSync(interpreter));
  collect(path, content, libraries);
  return [
    { kind: 'file', path: place, content, executable: true },
    ...[...libraries].map(
      ([library, bytes]): ArchiveEntry => ({ kind: 'file', path: library, content: bytes, executable: true }),
    ),
  ];
}

function collect(path: string, content: Buffer, libraries: Map<string, Buffer>): void {
  for (const name of neededBy(elfOf(path, content))) {
    const place = LIBRARY_FOLDERS.map((folder) => join(folder, name)).find(isFile);
    if (place === undefined)
      throw new LabError(`${path} needs ${name}, which is in none of ${LIBRARY_FOLDERS.join(', ')}`);
    if ([...libraries.keys()].some((present) => basename(present) === name)) continue;
    const bytes = readFileSync(realpathSync(place));
    libraries.set(place, bytes);
    collect(place, bytes, libraries);
  }
}

function elfOf(path: string, content: Buffer): ReturnType<typeof elfFile> & object {
  const elf = elfFile(content);
  if (elf === null) throw new LabError(`${path} is no program for x86-64`);
  return elf;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
