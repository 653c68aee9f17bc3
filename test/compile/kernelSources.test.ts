import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkProgram } from '../../src/compile/check/check.ts';
import { formatRefusal } from '../../src/compile/dialect/refusal.ts';
import type { Scheme, SourceFile } from '../../src/compile/dialect/source.ts';
import { renderKernelMap } from '../../src/compile/kernelMap.ts';
import { type ReadSources, readSources } from '../../src/compile/reader/readFile.ts';
import { kernelFiles } from '../../src/kernel/kernel.gen.ts';
import { linkKernel } from '../../src/kernel/link.ts';
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

  it.each(['devmap', 'refcount'] as const)('compile to frames, every function of the %s scheme', (scheme) => {
    const kernel = linkKernel({ form: 'frames', scheme });
    for (const name of functionsOf(scheme)) expect(kernel.program(name).words).toBeGreaterThan(1);
  });
});

function asData(files: readonly SourceFile[]): unknown {
  return JSON.parse(JSON.stringify(files));
}

function functionsOf(scheme: Scheme): string[] {
  return kernelFiles
    .filter(({ room }) => room === 'common' || room === scheme)
    .flatMap(({ declarations }) =>
      declarations.filter(({ kind }) => kind === 'function').map(({ name }) => name),
    );
}
