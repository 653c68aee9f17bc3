import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Host } from '../host.ts';
import { Interruption } from '../interruption.ts';

/** The text of a test, or why there is none; `file` is where it is from (`-` is standard input). */
export type Source =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly problem: string };

/** What an argument leads to: a file that is still to be read, or a problem. */
type NamedSource = { readonly file: string } | Extract<Source, { readonly problem: string }>;

const EXTENSION = '.litmus';

/**
 * The tests behind the arguments of a command: files as they are, of folders every `*.litmus` below them in byte order,
 * `-` for standard input. Each comes once, under the name that it was first given. Never empty: an argument without a test is a
 * problem of its own.
 */
export async function readSources(paths: readonly string[], host: Host): Promise<Source[]> {
  const sources = new Map<string, Source>();
  for (const named of paths.flatMap(sourcesOf)) {
    const place = placeOf(named.file);
    if (!sources.has(place))
      sources.set(place, 'problem' in named ? named : await readSource(named.file, host));
  }
  return [...sources.values()];
}

/** The same for every way to name a file. A link to a file is a file of its own. */
function placeOf(file: string): string {
  if (file === '-') return file;
  try {
    return join(realpathSync(dirname(file)), basename(file));
  } catch {
    return resolve(file);
  }
}

/** The files behind an argument; one that leads to none is a problem. */
function sourcesOf(path: string): readonly NamedSource[] {
  try {
    return path === '-' ? [{ file: '-' }] : filesAt(path);
  } catch (error) {
    return [{ file: path, problem: messageOf(error) }];
  }
}

function filesAt(path: string): readonly NamedSource[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [{ file: path, problem: 'no such file or folder' }];
  if (!stats.isDirectory()) return [{ file: path }];
  const files = testsBelow(path);
  return files.length === 0
    ? [{ file: path, problem: `no test at all: nothing below is called *${EXTENSION}` }]
    : files.map((file) => ({ file }));
}

function testsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(EXTENSION) && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

async function readSource(file: string, host: Host): Promise<Source> {
  try {
    const isPlain = file !== '-' && statSync(file).isFile();
    return { file, text: isPlain ? readFileSync(file, 'utf8') : await host.readInput(file) };
  } catch (error) {
    if (error instanceof Interruption) throw error;
    return { file, problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
