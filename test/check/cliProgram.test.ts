import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestResult, validateDocument } from '../../src/litmus/output/index.ts';

const root = join(import.meta.dirname, '..', '..');

/** A test whose search takes minutes. */
const LARGE = `DAX large
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, offset=0, length=4K, prot=rw, at=0x600000000000)
  thread A { repeat 3 { r = load(m, 0) } }
  thread B { a = munmap(m) }
}
process Q {
  repeat 3 {
    n = mmap(d, offset=4K, length=4K, prot=rw, at=0x600000000000)
    s = store(n, 0, 9)
    munmap(n)
  }
}
`;

const CROSSED = `DAX crossed
device d = devdax(size=8M, align=4K)
process P { m = mmap(d, offset=0, length=4K, prot=rw) barrier(one) barrier(two) }
process Q { barrier(two) barrier(one) }
`;

let folder = '';

/** The program as users have it, built from these sources into a folder of its own. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daxlab-program-'));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  writeFileSync(join(folder, 'large.litmus'), LARGE);
  writeFileSync(join(folder, 'crossed.litmus'), CROSSED);
  await build({
    entryPoints: [join(root, 'src', 'cli', 'main.ts'), join(root, 'src', 'cli', 'check', 'worker.ts')],
    outdir: join(folder, 'built', 'cli'),
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    banner: { js: "import { createRequire as cr } from 'node:module'; const require = cr(import.meta.url);" },
  });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

function begin(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(folder, 'built', 'cli', 'main.js'), 'check', ...args], {
    cwd: folder,
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, out, err }));
  });
  return { child, ended };
}

/** Interrupts the program once it has begun to search. */
async function interrupted(...args: readonly string[]): Promise<Ended> {
  const { child, ended } = begin(...args);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  child.kill('SIGINT');
  return await ended;
}

function resultsOf(json: string): readonly TestResult[] {
  const validation = validateDocument(JSON.parse(json));
  if ('errors' in validation) throw new Error(validation.errors.join('\n'));
  return validation.document.results;
}

describe('daxlab check, interrupted', () => {
  it.each([
    ['one search after the other', []],
    ['two searches at a time', ['--workers', '2']],
  ])(
    'says what was covered: %s',
    async (_how, options) => {
      const { status, out, err } = await interrupted('large.litmus', ...options);
      expect(status).toBe(3);
      expect(out).toMatch(
        /incomplete: interrupted {2}4 threads, so far: [\d,]+ states?, [\d,]+ transitions?, 0 ends, \d+ levels? deep/,
      );
      expect(err).toMatch(/^interrupted after \d of 2 searches\n$/);
    },
    60_000,
  );

  it.each([
    ['one search after the other', []],
    ['two searches at a time', ['--workers', '2']],
  ])(
    'prints a document all the same: %s',
    async (_how, options) => {
      const { status, out } = await interrupted('large.litmus', '--json', ...options);
      expect(status).toBe(3);
      const results = resultsOf(out);
      expect(results.length).toBeGreaterThan(0);
      for (const { verdict, error, stats } of results) {
        expect({ verdict, error }).toEqual({ verdict: 'incomplete', error: 'incomplete: interrupted' });
        expect(stats.complete).toBe(false);
      }
    },
    60_000,
  );
});

describe('daxlab check within bounds', () => {
  it('stops at the memory that it may take', async () => {
    const { ended } = begin('large.litmus', '--scheme', 'refcount', '--max-memory', '16M');
    const { status, out, err } = await ended;
    expect({ status, err }).toEqual({ status: 3, err: '' });
    const covered = /incomplete: the memory bound of 16M .* ([\d,]+) states.* (\d+) MiB/.exec(out);
    expect(Number(covered?.[1]?.replaceAll(',', ''))).toBeGreaterThan(10_000);
    expect(Number(covered?.[2])).toBeLessThanOrEqual(17);
  }, 120_000);

  it('stops at the states that it may keep', async () => {
    const { ended } = begin('large.litmus', '--scheme', 'refcount', '--max-states', '500', '--json');
    const { status, out } = await ended;
    expect(status).toBe(3);
    expect(resultsOf(out)).toMatchObject([
      { verdict: 'incomplete', error: 'incomplete: the bound of 500 states', stats: { states: 500 } },
    ]);
  }, 60_000);

  it('refuses bounds that are none', async () => {
    for (const bound of [
      ['--max-memory', '1T'],
      ['--max-memory', '0'],
      ['--max-states', '-1'],
    ]) {
      const { status, err } = await begin('large.litmus', ...bound).ended;
      expect(status).toBe(2);
      expect(err).toMatch(/^error: option '--max-(memory|states) .* is invalid. expected/);
    }
  }, 60_000);
});

describe('daxlab check --minimise', () => {
  it('shows the smallest test that still breaks the same', async () => {
    const { status, out } = await begin('crossed.litmus', '--scheme', 'refcount', '--minimise').ended;
    expect(status).toBe(1);
    expect(out).toContain('P waits for barrier(one) (Q is missing)');
    const [, smallest = ''] = out.split('the smallest test that still breaks it:\n');
    expect(smallest).toContain('barrier(one)');
    expect(smallest).not.toMatch(/mmap|device/);
  }, 60_000);

  it('gives it beside the result in a document', async () => {
    const { out } = await begin('crossed.litmus', '--scheme', 'devmap', '--minimise', '--json').ended;
    const [result] = JSON.parse(out).results;
    expect(result.minimised).toMatch(/^DAX crossed\n\nprocess P \{/);
  }, 60_000);
});
