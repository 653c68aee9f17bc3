import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host.ts';

/** The text of a test, or why there is none; `file` is where it is from (`-` is standard input). */
export type Source =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly problem: string };

const EXTENSION = '.litmus';

/**
 * The tests behind the arguments of a command: files as they are, of folders every `*.litmus` below them in byte order,
 * `-` for standard input. Never empty: an argument without a test is a problem of its own.
 */
export async function readSources(paths: readonly string[], host: Host): Promise<Source[]> {
  const sources: Source[] = [];
  for (const path of paths) {
    if (path === '-') sources.push({ file: '-', text: await host.readInput() });
    else sources.push(...sourcesOf(path));
  }
  return sources;
}

function sourcesOf(path: string): Source[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [{ file: path, problem: 'no such file or folder' }];
  if (!stats.isDirectory()) return [readSource(path)];
  const files = testsBelow(path);
  return files.length === 0
    ? [{ file: path, problem: `no test at all: nothing below is called *${EXTENSION}` }]
    : files.map(readSource);
}

function testsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(EXTENSION) && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}

function readSource(file: string): Source {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { file, problem: error instanceof Error ? error.message : String(error) };
  }
}
