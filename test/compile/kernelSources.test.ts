import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkProgram } from '../../src/compile/check/check.ts';
import { checkLocks } from '../../src/compile/check/locks.ts';
import { formatRefusal } from '../../src/compile/dialect/refusal.ts';
import type { Scheme, SourceFile } from '../../src/compile/dialect/source.ts';
import { renderKernelMap } from '../../src/compile/kernelMap.ts';
import { select } from '../../src/compile/link/selection.ts';
import { type ReadSources, readSources } from '../../src/compile/reader/readFile.ts';
import { kernelFiles } from '../../src/kernel/kernel.gen.ts';
import { kernelProgram, linkKernel } from '../../src/kernel/link.ts';
import { kernelScope } from '../../src/kernel/scope.ts';
import { root } from '../architecture/sources.ts';

const kernelFolder = join(root, 'src', 'kernel');

function readKernel(): ReadSources {
  const sources = ['common', 'devmap', 'refcount'].flatMap((room) =>
    readdirSync(join(kernelFolder, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({
        path: path.slice(kernelFolder.length + 1).replaceAll('\\', '/'),
        text: readFileSync(path, 'utf8'),
      })),
  );
  return readSources(sources);
}

describe('the kernel’s sources', () => {
  let read: ReadSources;
  beforeAll(() => {
    read = readKernel();
  });

  it('are all in the dialect', () => {
    expect(read.files.length).toBeGreaterThan(50);
    expect(read.refusals.map(formatRefusal)).toEqual([]);
  });

  it.each(['devmap', 'refcount'] as const)('make a whole kernel of the %s scheme', (scheme) => {
    const { refusals } = checkProgram({ files: read.files, scope: kernelScope }, scheme);
    expect(refusals.map(formatRefusal)).toEqual([]);
  });

  it('are what kernel.gen.ts was generated from (npm run generate)', () => {
    expect(asData(kernelFiles)).toEqual(asData(read.files));
  });

  it('are in docs/kernel-map.md as they stand (npm run kernel-map)', () => {
    expect(readFileSync(join(root, 'docs', 'kernel-map.md'), 'utf8')).toBe(renderKernelMap(read.files));
  });

  it.each(['devmap', 'refcount'] as const)('compile to frames, whatever the %s scheme calls', (scheme) => {
    const kernel = linkKernel({ form: 'frames', scheme });
    for (const name of operationsOf(scheme)) expect(kernel.program(name).words).toBeGreaterThan(1);
  });
});

/** Findings on locks that are as they should be, by operation. */
const LOCKS_ON_PURPOSE: Readonly<Record<string, string>> = {
  release_holders_of_mm: 'closing a pipe destroys its lock while it is held',
};

describe('the locks of the kernel’s operations', () => {
  it.each(['devmap', 'refcount'] as const)('are in order under the %s scheme', (scheme) => {
    const selection = select(kernelProgram, scheme);
    const operations = operationsOf(scheme).filter((name) => !(name in LOCKS_ON_PURPOSE));
    const findings = operations.flatMap((name) => checkLocks(selection, name).map(formatRefusal));
    expect(operations.length).toBeGreaterThan(20);
    expect(findings).toEqual([]);
  });
});

function asData(files: readonly SourceFile[]): unknown {
  return JSON.parse(JSON.stringify(files));
}

/** The functions that no other one calls. */
function operationsOf(scheme: Scheme): string[] {
  const { callables } = select(kernelProgram, scheme);
  const called = new Set(
    [...callables.values()].flatMap(({ declaration }) => declaration.calls.map(({ name }) => name)),
  );
  return kernelFiles
    .filter(({ room }) => room === 'common' || room === scheme)
    .flatMap(({ declarations }) =>
      declarations
        .filter(({ kind, name }) => kind === 'function' && !called.has(name))
        .map(({ name }) => name),
    );
}
