import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface LibraryTest {
  /** Below the library's folder. */
  readonly path: string;
  readonly text: string;
}

const library: string = join(import.meta.dirname, '..', '..', 'litmus');

/** Every test of the library, in the order of their paths. */
export function libraryTests(): readonly LibraryTest[] {
  return readdirSync(library, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.litmus'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: relative(library, path), text: readFileSync(path, 'utf8') }));
}
