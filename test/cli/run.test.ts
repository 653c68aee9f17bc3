import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestResult } from '../../src/litmus/output/index.ts';
import { validateDocument } from '../../src/litmus/output/index.ts';
import { daxlab } from './support/fakeHost.ts';

const folder = relative(process.cwd(), join(import.meta.dirname, 'tests'));
const test = (name: string): string => `${folder}/${name}.litmus`;
const golden = (name: string): string => join(import.meta.dirname, 'golden', name);

function resultsOf(json: string): readonly TestResult[] {
  const validation = validateDocument(JSON.parse(json));
  if ('errors' in validation) throw new Error(validation.errors.join('\n'));
  return validation.document.results;
}

/** A document without what differs from run to run. */
function withoutTimes(json: string): string {
  return json.replace(/"seconds": [\d.e-]+/g, '"seconds": 0').replace(/"peakBytes": \d+/g, '"peakBytes": 0');
}

describe('daxlab run, for people', () => {
  it('shows both schemes in one list, and what each operation changed', async () => {
    const { out, err, status } = await daxlab(['run', test('pin-outlives-munmap')]);
    await expect(out).toMatchFileSnapshot(golden('run-both.txt'));
    expect({ err, status }).toEqual({ err: '', status: 0 });
  });

  it('marks what a test declares, and what it does not', async () => {
    const { out, status } = await daxlab(['run', test('unbind-under-a-pin')]);
    await expect(out).toMatchFileSnapshot(golden('run-hazard.txt'));
    expect(status).toBe(1);
  });

  it('shows one scheme alone', async () => {
    const { out, status } = await daxlab(['run', '--scheme', 'refcount', test('fails')]);
    await expect(out).toMatchFileSnapshot(golden('run-one-scheme.txt'));
    expect(status).toBe(1);
  });

  it('says what the terms of a condition that fails came to, under each scheme', async () => {
    const source = `DAX values
"x"
device d = devdax(size=2M, align=4K)
process P { m = mmap(d, offset=0, length=4K, prot=rw)  store(m, 0, 7)  r = munmap(m, 1, 4K)
            assert d[0].refcount == 3 }
never P.r == EINVAL
`;
    const { out, status } = await daxlab(['run', '-'], { input: source });
    expect(status).toBe(1);
    expect(out.split('\n').map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        'devmap: d[0].refcount = 1',
        'refcount: d[0].refcount = 2',
        'devmap: P.r = EINVAL',
      ]),
    );
  });

  it('says of a test that did nothing why it did not, and of none that did something', async () => {
    const notesOf = async (body: string): Promise<string[]> => {
      const input = `DAX idle\ndevice d = fsdax(size=4M)\nprocess P {\n${body}\n}`;
      const { out } = await daxlab(['run', '-'], { input });
      return out.split('\n').filter((line) => line.includes('note:'));
    };
    const uses = 'm = mmap(f, length=4K, prot=rw)\nr = load(m, 0)';
    expect(await notesOf(`f = open(d, "a")\n${uses}`)).toEqual([
      '  note: 2 of 3 operations were skipped: f = open(d, "a") = ENOENT, line 4',
    ]);
    expect(await notesOf(`f = open(d, "a", create, size=4K)\n${uses}`)).toEqual([]);
  });

  it('says which barrier nobody else waits at, where there is somebody else', async () => {
    const notesOf = async (body: string): Promise<string[]> => {
      const { out } = await daxlab(['run', '-'], { input: `DAX alone\nprocess P { ${body} }` });
      return out.split('\n').filter((line) => line.includes('note:'));
    };
    expect(
      await notesOf(
        'thread A { barrier(met) } thread B { barrier(meet) barrier(both) } thread C { barrier(both) }',
      ),
    ).toEqual([
      '  note: barrier(met) is named by A alone, which waits for nobody there',
      '  note: barrier(meet) is named by B alone, which waits for nobody there',
    ]);
    expect(await notesOf('barrier(met)')).toEqual([]);
  });

  it('shows where an operation fell asleep, under a scheme where it did, and what never ends', async () => {
    const source = `DAX sleeper
device d = fsdax(size=16M, fs=xfs)
process P {
  f = open(d, "a", create, size=4K)
  m = mmap(f, length=4K, prot=rw)
  p = pin(m, 0, 4K, write)
  thread A { x = punch(f, 0, 4K) }
  thread B { unpin(p) q = pin(m, 0, 4K, write) ftruncate(f, 0) }
}
`;
    const { out } = await daxlab(['run', '--scheme', 'refcount', '-'], { input: source });
    const lines = out.split('\n').filter((line) => line.startsWith('  P'));
    const waitsFor = 'waits for page d[0] (page 0 of "a") to become idle';
    expect(lines.slice(3)).toEqual([
      `  P.A  x = punch(f, 0, 4K)  ${waitsFor}`,
      '  P.B  unpin(p)  = 0',
      '  P.A  x = punch(f, 0, 4K)  = 0',
      '  P.B  q = pin(m, 0, 4K, write)  = 1',
      expect.stringMatching(
        /^ {2}P\.B {2}ftruncate\(f, 0\) {2}waits for page d\[\d\] \(page 0 of "a"\) to become idle$/,
      ),
    ]);
  });

  it('traces every step inside the kernel', async () => {
    const { out } = await daxlab(['run', '--scheme', 'refcount', '--trace', test('fails')]);
    const lines = out.split('\n').filter((line) => line.startsWith('refcount  '));
    expect(lines.length).toBeGreaterThan(200);
    expect(lines).toContainEqual(
      expect.stringMatching(/^refcount {2}C +folio_ref_count {2}\S+:\d+ {2}d\[0\]\.refcount = 1$/),
    );
    expect(lines.filter((line) => /d\[0\]\.refcount .*→/.test(line))).toEqual([
      expect.stringMatching(
        /^refcount {2}C +folio_ref_add {2}common\/include\/mm\.ts:\d+ {2}d\[0\]\.refcount 1 → 2$/,
      ),
      expect.stringMatching(/^refcount {2}C +folio_ref_sub_and_test .* d\[0\]\.refcount 2 → 1$/),
      expect.stringMatching(/^refcount {2}P +folio_ref_add .* d\[0\]\.refcount 1 → 2$/),
    ]);
    expect(lines.filter((line) => line.includes('──'))).toEqual([
      'refcount  P       ── m = mmap(d, offset=0, length=4K, prot=rw)  = 0',
      'refcount  P       ── fork C',
      'refcount  C       ── store(m, 0, 7)  = 0',
      'refcount  C       ── exit',
      'refcount  P       ── r = load(m, 0)  = 7',
    ]);
  });

  it('summarises: one line a test, a mark where the schemes differ, totals', async () => {
    const { out, status } = await daxlab([
      'run',
      '--summary',
      test('pin-outlives-munmap'),
      test('unbind-under-a-pin'),
    ]);
    await expect(out).toMatchFileSnapshot(golden('run-summary.txt'));
    expect(status).toBe(1);
  });

  it('uses colours only where somebody sees them', async () => {
    const escapeCharacter = String.fromCharCode(27);
    const args = ['run', test('fails')];
    expect((await daxlab(args)).out).not.toContain(escapeCharacter);
    expect((await daxlab(args, { isTerminal: true })).out).toContain(escapeCharacter);
    expect((await daxlab(args, { isTerminal: true, environment: { NO_COLOR: '1' } })).out).not.toContain(
      escape,
    );
    expect((await daxlab(args, { environment: { FORCE_COLOR: '1' } })).out).toContain(escapeCharacter);
  });
});

describe('daxlab run --json', () => {
  it('prints one document of the contract, the same from run to run but for time and memory', async () => {
    const args = ['run', '--json', test('pin-outlives-munmap'), test('unbind-under-a-pin')];
    const first = await daxlab(args);
    const second = await daxlab(args);
    expect(resultsOf(first.out)).toHaveLength(4);
    expect(withoutTimes(first.out)).toBe(withoutTimes(second.out));
    expect(first.err).toBe('');
  });

  it('gives steps, counts, conditions and violations', async () => {
    const { out } = await daxlab(['run', '--json', '--scheme', 'refcount', test('unbind-under-a-pin')]);
    const [result] = resultsOf(out);
    expect(result).toMatchObject({
      file: test('unbind-under-a-pin'),
      name: 'unbind-under-a-pin',
      scheme: 'refcount',
      source: 'model',
      verdict: 'ok',
      replay: '1r',
      conditions: [{ kind: 'hazard', line: 13, holds: true }],
      violations: [
        { property: 'memmap-after-teardown', page: 'd[1]', actors: ['P: unpin(p)', 'P: unbind(d)'] },
      ],
      stats: { executions: 1, complete: true },
    });
    expect(result?.steps[1]).toMatchObject({
      process: 'P',
      thread: 'P',
      op: 'pin',
      text: 'p = pin(m, 4K, 8K, write)',
      line: 8,
      result: 2,
      errno: null,
      signal: null,
      skipped: false,
      pages: { 'd[0]': { refcount: 4, mapcount: 1, pincount: 2, order: 9 } },
    });
    expect(result?.violations[0]?.trace.at(-1)).toMatchObject({ thread: 'P' });
  });

  it('repeats a seeded execution from its replay string', async () => {
    const seeded = await daxlab([
      'run',
      '--json',
      '--scheme',
      'refcount',
      '--seed',
      '7',
      test('pin-outlives-munmap'),
    ]);
    const [result] = resultsOf(seeded.out);
    expect(result?.replay).toMatch(/^1r-\d/);
    const replayed = await daxlab([
      'run',
      '--json',
      '--replay',
      result?.replay ?? '',
      test('pin-outlives-munmap'),
    ]);
    expect(withoutTimes(replayed.out)).toBe(withoutTimes(seeded.out));
  });

  it('finds more than one outcome among seeds', async () => {
    const outcomes = new Set<number | null>();
    for (let seed = 0; seed < 40; seed++) {
      const { out } = await daxlab([
        'run',
        '--json',
        '--scheme',
        'refcount',
        '--seed',
        `${seed}`,
        test('pin-outlives-munmap'),
      ]);
      outcomes.add(resultsOf(out)[0]?.steps.find(({ op }) => op === 'pin')?.result ?? null);
    }
    expect(outcomes).toEqual(new Set([1, -14]));
  });

  it('reads a test from standard input', async () => {
    const input = readFileSync(join(import.meta.dirname, 'tests', 'fails.litmus'), 'utf8');
    const { out, status } = await daxlab(['run', '--json', '-'], { input });
    expect(resultsOf(out).map(({ file, name }) => [file, name])).toEqual([
      ['-', 'fails'],
      ['-', 'fails'],
    ]);
    expect(status).toBe(1);
  });
});

describe('daxlab run on bad input', () => {
  it('says file, line and column of each mistake, still runs the others, and ends with 2', async () => {
    const { out, err, status } = await daxlab(['run', '--json', folder]);
    expect(status).toBe(2);
    expect(err).toMatch(/^test\/cli\/tests\/broken\.litmus:4:\d+: .*lenght/);
    const results = resultsOf(out);
    expect(results.map(({ file, verdict }) => [file.split('/').at(-1), verdict])).toEqual([
      ['broken.litmus', 'error'],
      ['broken.litmus', 'error'],
      ['fails.litmus', 'violated'],
      ['fails.litmus', 'violated'],
      ['pin-outlives-munmap.litmus', 'ok'],
      ['pin-outlives-munmap.litmus', 'ok'],
      ['unbind-under-a-pin.litmus', 'violated'],
      ['unbind-under-a-pin.litmus', 'ok'],
    ]);
    expect(results[0]?.error).toMatch(/broken\.litmus:4:\d+: /);
    expect(results[0]?.name).toBe('broken');
  });

  it('ends with 2 for a file that is not there, and still runs the others', async () => {
    const { err, out, status } = await daxlab([
      'run',
      '--json',
      'nowhere.litmus',
      test('pin-outlives-munmap'),
    ]);
    expect(status).toBe(2);
    expect(err).toBe('nowhere.litmus: no such file or folder\n');
    expect(resultsOf(out).map(({ verdict }) => verdict)).toEqual(['error', 'error', 'ok', 'ok']);
  });

  it('says once of a file why it is no test', async () => {
    expect(await daxlab(['run', 'nowhere.litmus'])).toEqual({
      status: 2,
      out: '',
      err: 'nowhere.litmus: no such file or folder\n',
    });
    const { out, err } = await daxlab(['run', test('broken')]);
    expect(out).toBe('');
    expect(err.match(/broken\.litmus/g)).toHaveLength(1);
  });

  it('says of a name that leads nowhere what is wrong with it', async () => {
    const place = mkdtempSync(join(tmpdir(), 'daxlab-'));
    const [loop, below] = [join(place, 'loop'), join(test('broken'), 'below.litmus')];
    symlinkSync(loop, loop);
    const { status, err } = await daxlab(['run', loop, below]);
    expect(status).toBe(2);
    expect(err).toMatch(/^\S+\/loop: ELOOP[^\n]+\n\S+\/below\.litmus: ENOTDIR[^\n]+\n$/);
  });

  it('ends with 2 where there is no test at all', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'daxlab-'));
    expect(await daxlab(['run', empty])).toMatchObject({
      status: 2,
      err: expect.stringMatching(/no test at all/),
    });
    expect(await daxlab(['run', '--filter', 'zzz', test('fails')])).toMatchObject({
      status: 2,
      err: "error: no test at all: none contains 'zzz'\n",
    });
  });

  it.each([
    [['run'], /missing required argument/],
    [['run', '--scheme', 'both2', 'x'], /Allowed choices are devmap, refcount, both/],
    [['run', '--seed', '-1', 'x'], /expected an integer/],
    [['run', '--seed', '1.5', 'x'], /expected an integer/],
    [['run', '--seed', '1', '--replay', '1r', 'x'], /cannot be used with option '--replay/],
    [['run', '--replay', '7q', 'x'], /expected it to begin with/],
    [['run', '--replay', '1r', '--scheme', 'devmap', test('fails')], /one of the refcount scheme/],
    [['run', '--replay', '1r', folder], /name one file/],
    [['run', '--frobnicate', 'x'], /unknown option '--frobnicate'/],
    [['rnu', 'x'], /unknown command 'rnu'[\s\S]*Did you mean run\?/],
    [[], /Usage: daxlab/],
  ])('ends with 2 for %j', async (args, reason) => {
    const { status, err } = await daxlab(args);
    expect(err).toMatch(reason);
    expect(err).not.toMatch(/ {4}at /);
    expect(status).toBe(2);
  });

  it('says when a replay string does not fit the test', async () => {
    const { status, err } = await daxlab(['run', '--replay', '1r-5x3', test('fails')]);
    expect(status).toBe(2);
    expect(err).toMatch(
      /fails\.litmus: the replay string does not fit this test: its step 1 is one of thread 5/,
    );
  });
});

describe('daxlab run, otherwise', () => {
  it('prints what was done when it is interrupted', async () => {
    const tests = [test('pin-outlives-munmap'), test('fails'), test('unbind-under-a-pin')];
    const { out, err, status } = await daxlab(['run', '--json', '--scheme', 'refcount', ...tests], {
      interruptedAfter: 1,
    });
    expect(err).toBe('interrupted after 1 of 3 tests\n');
    expect(resultsOf(out).map(({ name }) => name)).toEqual(['pin-outlives-munmap']);
    expect(status).toBe(3);
  });

  it('stops in the middle of a long test when it is interrupted', async () => {
    const input = `DAX long device d = devdax(size=4M, align=4K)
      process P { m = mmap(d, 0, 4K, rw) repeat 100000 { store(m, 0, 1) } }`;
    const { out, err, status } = await daxlab(['run', '--json', '--scheme', 'refcount', '-'], {
      input,
      interruptedAfter: 2,
    });
    expect(err).toBe('interrupted after 0 of 1 tests\n');
    const [result] = resultsOf(out);
    expect(result).toMatchObject({ verdict: 'incomplete', stats: { complete: false } });
    expect(result?.steps.length).toBeLessThan(100_001);
    expect(status).toBe(3);
  });

  it('says nothing of an interrupt that comes when everything was done', async () => {
    const { err, status } = await daxlab(['run', '--scheme', 'refcount', test('pin-outlives-munmap')], {
      interruptedBy: 'refcount ok\n',
    });
    expect({ err, status }).toEqual({ err: '', status: 0 });
  });

  it('writes JUnit XML beside', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'daxlab-')), 'junit.xml');
    await daxlab(['run', '--junit', file, '--summary', folder]);
    const xml = readFileSync(file, 'utf8');
    expect(xml).toContain('<testsuite name="devmap" tests="4" failures="2" errors="1" skipped="0">');
    expect(xml).toMatch(
      /<testcase name="fails" [^>]*><failure message="line 10: finally r == 8; line 11: finally d\[0\]\.refcount == 2"\/>/,
    );
  });

  it('says before anything runs where JUnit XML cannot be written', async () => {
    const place = mkdtempSync(join(tmpdir(), 'daxlab-'));
    const loop = join(place, 'loop');
    symlinkSync(loop, loop);
    for (const file of [join(place, 'nowhere', 'junit.xml'), place, '/proc/junit.xml', loop]) {
      const { status, out, err } = await daxlab(['run', '--junit', file, test('pin-outlives-munmap')]);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(/^error: --junit: cannot write '[^'\n]+' \([^\n]+\)\n$/);
    }
  });

  it('leaves the file for JUnit XML as it is until there is something to write', async () => {
    const place = mkdtempSync(join(tmpdir(), 'daxlab-'));
    const [fresh, old] = [join(place, 'fresh.xml'), join(place, 'old.xml')];
    writeFileSync(old, 'of the last run');
    for (const file of [fresh, old]) {
      const { status } = await daxlab([
        'run',
        '--junit',
        file,
        '--filter',
        'zzz',
        test('pin-outlives-munmap'),
      ]);
      expect(status).toBe(2);
    }
    expect(existsSync(fresh)).toBe(false);
    expect(readFileSync(old, 'utf8')).toBe('of the last run');
  });

  it('runs each test once, however often and by whatever name it is given', async () => {
    const args = [test('fails'), folder, `./${test('fails')}`, `${folder}/../tests`, 'nowhere', 'nowhere'];
    const { out, err } = await daxlab(['run', '--json', '--scheme', 'devmap', ...args]);
    expect(resultsOf(out).map(({ file }) => file)).toEqual([
      test('fails'),
      test('broken'),
      test('pin-outlives-munmap'),
      test('unbind-under-a-pin'),
      'nowhere',
    ]);
    expect(err.match(/^nowhere: /gm)).toHaveLength(1);
  });

  it('reads standard input once', async () => {
    const input = readFileSync(join(import.meta.dirname, 'tests', 'fails.litmus'), 'utf8');
    const { out } = await daxlab(['run', '--json', '--scheme', 'devmap', '-', '-'], { input });
    expect(resultsOf(out)).toHaveLength(1);
  });

  it('runs only the tests that a filter names', async () => {
    const { out } = await daxlab(['run', '--json', '--filter', 'unbind', '--scheme', 'devmap', folder]);
    expect(resultsOf(out).map(({ name }) => name)).toEqual(['broken', 'unbind-under-a-pin']);
  });
});
