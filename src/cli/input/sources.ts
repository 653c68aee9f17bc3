import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
 * `-` for standard input. Never empty: an argument without a test is a problem of its own.
 */
export async function readSources(paths: readonly string[], host: Host): Promise<Source[]> {
  const sources: Source[] = [];
  for (const path of paths) {
    for (const named of sourcesOf(path)) {
      sources.push('problem' in named ? named : await readSource(named.file, host));
    }
  }
  return sources;
}

/** The files behind an argument; one that leads to none is a problem. */
function sourcesOf(path: string): readonly NamedSource[] {
  if (path === '-') return [{ file: '-' }];
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
    return { file, problem: error instanceof Error ? error.message : String(error) };
  }
}
