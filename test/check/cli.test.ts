import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestResult } from '../../src/litmus/output/index.ts';
import { validateDocument } from '../../src/litmus/output/index.ts';
import { daxlab } from '../cli/support/fakeHost.ts';

const RACE = `DAX race
"munmap beside a pin."
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, offset=0, length=4K, prot=rw)
  thread A { munmap(m) }
  thread B { p = pin(m, 0, 4K, write)
             unpin(p) }
}
`;

function folderOf(tests: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-check-'));
  for (const [name, text] of Object.entries(tests)) writeFileSync(join(folder, `${name}.litmus`), text);
  return folder;
}

function resultsOf(json: string): readonly TestResult[] {
  const validation = validateDocument(JSON.parse(json));
  if ('errors' in validation) throw new Error(validation.errors.join('\n'));
  return validation.document.results;
}

const withoutTimes = (json: string): string =>
  json.replace(/"seconds": [\d.e-]+/g, '"seconds": 0').replace(/"peakBytes": \d+/g, '"peakBytes": 0');

describe('daxlab check', () => {
  it('answers 0, 1 and 3 for tests that hold, that fail, and that were not searched to the end', async () => {
    const holds = folderOf({ holds: `${RACE}exists p == 1` });
    const fails = folderOf({ fails: `${RACE}never p == 1` });
    expect((await daxlab(['check', holds])).status).toBe(0);
    expect((await daxlab(['check', fails])).status).toBe(1);
    expect((await daxlab(['check', holds, '--max-states', '20'])).status).toBe(3);
    expect((await daxlab(['check', join(holds, 'none')])).status).toBe(2);
  });

  it('prints a document of the contract', async () => {
    const { out } = await daxlab(['check', '--json', '--all-outcomes', folderOf({ race: RACE })]);
    const results = resultsOf(out);
    expect(results.map(({ scheme, verdict }) => [scheme, verdict])).toEqual([
      ['devmap', 'ok'],
      ['refcount', 'ok'],
    ]);
    for (const { outcomes = [], stats } of results) {
      expect(outcomes).toHaveLength(2);
      expect(stats).toMatchObject({ complete: true });
    }
  });

  it('says of each condition and violation what repeats an execution that breaks it', async () => {
    const folder = folderOf({
      several: `DAX several
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, offset=0, length=4K, prot=rw)
  thread A { store(m, 0, 1) }
  thread B { store(m, 0, 2) }
  r = load(m, 0)
}
finally r == 1
finally r == 2
finally r > 0
`,
    });
    const file = join(folder, 'several.litmus');
    const { out } = await daxlab(['check', '--json', '--scheme', 'refcount', file]);
    const [{ conditions } = { conditions: [] }] = resultsOf(out);
    expect(conditions.map(({ replay }) => replay === undefined)).toEqual([false, false, true]);
    for (const { line, replay = '' } of conditions.slice(0, 2)) {
      const [again] = resultsOf((await daxlab(['run', '--json', '--replay', replay, file])).out);
      expect(again?.conditions.filter(({ holds }) => !holds).map((broken) => broken.line)).toEqual([line]);
    }
    const text = (await daxlab(['check', '--scheme', 'refcount', file])).out;
    expect(text).toContain(`daxlab run --replay ${conditions[0]?.replay} `);
    expect(text).toContain(
      `✗ finally r == 2\n        in another execution: --replay ${conditions[1]?.replay}\n`,
    );
  });

  it('shows what was covered, the conditions, and a counterexample in lanes that can be repeated', async () => {
    const folder = folderOf({ fails: `${RACE}always d[0].refcount < 1000` });
    const { out } = await daxlab(['check', '--scheme', 'refcount', folder]);
    expect(out).toMatch(
      /refcount violated {2}every interleaving of 3 threads: [\d,]+ states, .*sequentially consistent/,
    );
    expect(out).toContain('✗ always d[0].refcount < 1000');
    expect(out).toContain(`daxlab run --replay`);
    const replay = /daxlab run --replay (\S+) \S+fails.litmus/.exec(out)?.[1];
    const again = await daxlab(['run', '--replay', replay ?? '', folder]);
    expect(again.status).toBe(1);
    expect(again.out).toContain('✗ always d[0].refcount < 1000');
  });

  it('lists with a counterexample the operations that are not over, and what they wait for', async () => {
    const folder = folderOf({
      hangs: `DAX hangs
device d = fsdax(size=16M, fs=xfs)
process P {
  f = open(d, "a", create, size=8K)
  m = mmap(f, length=8K, prot=rw)
  thread A { p = pin(m, 0, 4K, write) a = write(f, 4K, 5) unpin(p) }
  thread B { b = ftruncate(f, 0) }
}
`,
    });
    const { out } = await daxlab(['check', '--scheme', 'refcount', folder]);
    expect(
      out
        .split('\n')
        .filter((line) => / {2}(?:waits for|… under way)/.test(line))
        .sort(),
    ).toEqual([
      '    P.A  a = write(f, 4K, 5)  waits for "a".i_rwsem',
      '    P.B  b = ftruncate(f, 0)  waits for page d[0] (page 0 of "a") to become idle',
    ]);
    const { out: json } = await daxlab(['check', '--json', '--scheme', 'refcount', folder]);
    expect(
      resultsOf(json)[0]
        ?.unfinished?.map(({ waitsFor }) => waitsFor)
        .sort(),
    ).toEqual(['"a".i_rwsem', 'page d[0] (page 0 of "a") to become idle']);
  });

  it('shows ends that only one scheme has', async () => {
    const same = await daxlab(['check', '--diff', folderOf({ race: RACE })]);
    expect(same.out).toContain('the schemes have the same outcomes');
    expect((await daxlab(['check', '--diff', '--scheme', 'devmap', folderOf({ race: RACE })])).status).toBe(
      2,
    );
    // A page of the device counts in Rss where it has a map count: only under the refcount scheme.
    const source = `DAX rss device d = devdax(size=4M)
      process P { m = mmap(d, 0, 4K, r) x = load(m, 0) r = smaps_rss(m) }`;
    const own = await daxlab(['check', '--diff', '--json', folderOf({ rss: source })]);
    const { results } = JSON.parse(own.out);
    const resident = results.map((result: { ownOutcomes: { registers: object }[] }) =>
      result.ownOutcomes.map(({ registers }) => registers),
    );
    expect(resident).toEqual([
      [expect.objectContaining({ 'P.r': 0 })],
      [expect.objectContaining({ 'P.r': 4096 })],
    ]);
    const equal = JSON.parse((await daxlab(['check', '--diff', '--json', folderOf({ race: RACE })])).out);
    expect(equal.results).toMatchObject([{ ownOutcomes: [] }, { ownOutcomes: [] }]);
  });

  it('refuses to cut down what breaks nothing', async () => {
    const holds = await daxlab(['check', '--minimise', folderOf({ holds: `${RACE}exists p == 1` })]);
    expect(holds.status).toBe(2);
    expect(holds.err).toBe(
      '--minimise: race devmap is ok: there is nothing to cut down\n--minimise: race refcount is ok: there is nothing to cut down\n',
    );
    const missing = await daxlab(['check', '--minimise', folderOf({ missing: `${RACE}exists p == 9` })]);
    expect(missing.status).toBe(1);
    expect(missing.err).toContain('there is no counterexample to keep');
    expect(missing.out).not.toContain('the smallest test');
  });

  it('does not say of a search that was interrupted that there is nothing to cut down', async () => {
    // Large enough not to end before it is asked whether it goes on.
    const others = ['C', 'D', 'E'].map((name) => `thread ${name} { store(m, 0, 1) madvise(m, DONTNEED) }`);
    const folder = folderOf({ race: RACE.replace('  thread A', `  ${others.join('\n  ')}\n  thread A`) });
    const { status, err } = await daxlab(['check', '--minimise', '--scheme', 'devmap', folder], {
      interruptedAfter: 1,
    });
    expect(status).toBe(3);
    expect(err).toBe(
      '--minimise: race devmap is incomplete: interrupted; nothing broke so far\ninterrupted after 0 of 1 searches\n',
    );
  });

  it('keeps the smallest test so far when it is interrupted while it cuts', async () => {
    const folder = folderOf({ fails: `${RACE}never p == 1\nalways d[1].refcount >= idle` });
    const { status, out, err } = await daxlab(['check', '--minimise', '--scheme', 'devmap', folder], {
      interruptedAfter: 8,
    });
    expect(status).toBe(1);
    expect(err).toBe('--minimise: interrupted; of race devmap this is the smallest test so far\n');
    const [, smallest = ''] = out.split('the smallest test that still breaks it:\n');
    expect(smallest).toContain('never p == 1');
  });

  it('stops when it is interrupted, and says how far it came', async () => {
    const folder = folderOf({ a: RACE, b: RACE });
    const { status, err } = await daxlab(['check', folder], { interruptedAfter: 2 });
    expect(status).toBe(3);
    expect(err).toMatch(/interrupted after \d of 4 searches/);
  });

  it('says nothing of an interrupt that comes when everything was searched', async () => {
    const small = folderOf({
      small:
        'DAX small device d = devdax(size=4M, align=4K) process P { m = mmap(d, offset=0, length=4K, prot=rw) }',
    });
    const { status, err } = await daxlab(['check', '--scheme', 'devmap', small], {
      interruptedBy: 'devmap ok ',
    });
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });
});

const root = join(import.meta.dirname, '..', '..');
const isBuilt = existsSync(join(root, 'dist', 'cli', 'check', 'worker.js'));

describe.skipIf(!isBuilt)('the built program (skipped where dist/ is not built: npm run build)', () => {
  it('finds the same with two workers as with one', () => {
    const folder = folderOf({ a: `${RACE}exists p == 1`, b: `${RACE}never p == 1`, c: RACE });
    const check = (...options: string[]): { readonly status: number | null; readonly stdout: string } => {
      const bin = join(root, 'bin', 'daxlab.js');
      return spawnSync('node', [bin, 'check', '--json', ...options, folder], { encoding: 'utf8' });
    };
    const one = check();
    const two = check('--workers', '2');
    expect(resultsOf(two.stdout)).toHaveLength(6);
    expect(withoutTimes(two.stdout)).toBe(withoutTimes(one.stdout));
    expect(two.status).toBe(1);
  });
});
