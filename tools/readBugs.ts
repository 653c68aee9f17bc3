import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BugDescription, BugSource } from '../src/bugs/bug.ts';
import type { Refusal } from '../src/compile/dialect/refusal.ts';
import { readSources } from '../src/compile/reader/readFile.ts';

/**
 * Reads the bugs' folders, in byte order of their names. In each lie `bug.json` (what it is), `kernel.ts` (the functions
 * that take the place of the kernel's) and `test.litmus` (what finds it).
 */
export function readBugs(folder: string): { sources: BugSource[]; refusals: readonly Refusal[] } {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const text = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');
  const refusals: Refusal[] = [];
  const sources = names.map((name): BugSource => {
    const described = JSON.parse(text(name, 'bug.json')) as BugDescription;
    const read = readSources([{ path: `bugs/${name}/kernel.ts`, text: text(name, 'kernel.ts') }]);
    refusals.push(...read.refusals);
    const [file] = read.files;
    if (file === undefined) throw new Error(`bugs/${name}/kernel.ts was not read`);
    const [only, ...others] = described.schemes;
    const room = only === undefined || others.length > 0 ? 'common' : only;
    return { name, ...described, test: text(name, 'test.litmus'), kernel: { ...file, room } };
  });
  return { sources, refusals };
}
