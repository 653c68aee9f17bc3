import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateDocument } from '../../src/litmus/output/index.ts';
import { named, whyNotBooted } from '../lab/support/realKernels.ts';
import { daxlab, type World } from './support/fakeHost.ts';

const TEST = 'litmus/devdax/fault/write-fault.litmus';

describe('kernel run', () => {
  let cache: string;
  let world: World;
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
    world = { environment: { XDG_CACHE_HOME: cache } };
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  it('asks for a kernel', async () => {
    const { status, err } = await daxlab(['kernel', 'run', TEST], world);
    expect(status).toBe(2);
    expect(err).toContain('which kernel? Give --kernel');
  });

  it.each(['six', '6', ',6.12', 'v6.12'])('refuses %s, which is no version', async (version) => {
    const { status, err } = await daxlab(['kernel', 'run', TEST, '--kernel', version], world);
    expect(status).toBe(2);
    expect(err).toContain('is no kernel version: expected one like 6.12, or newest');
  });

  it('says how to get a kernel that is not here', async () => {
    const { status, err } = await daxlab(['kernel', 'run', TEST, '--kernel', '6.12'], world);
    expect(status).toBe(4);
    expect(err).toBe('error: kernel 6.12 is not here: "daxlab kernel fetch 6.12" gets it\n');
  });

  it('takes no file for a kernel that is none', async () => {
    for (const file of ['/nowhere/vmlinuz', 'package.json']) {
      const args = ['kernel', 'run', TEST, '--vmlinuz', file, '--modules', '/nowhere'];
      const { status, err } = await daxlab(args, world);
      expect(status).toBe(2);
      expect(err).toMatch(/^error: \S+ (cannot be read: .*|is no bzImage for x86: .*)\n$/);
    }
  });

  it('wants a kernel of the user’s own with its modules', async () => {
    const { status, err } = await daxlab(['kernel', 'run', TEST, '--vmlinuz', '/boot/vmlinuz'], world);
    expect(status).toBe(2);
    expect(err).toContain('--vmlinuz and --modules go together');
  });

  it.each(['0', '-1', 'many', '1.5'])('refuses %s iterations', async (count) => {
    const args = ['kernel', 'run', TEST, '--kernel', '6.12', '--iterations', count];
    expect((await daxlab(args, world)).status).toBe(2);
  });

  it('fails where there is no test at all', async () => {
    const { status, err } = await daxlab(['kernel', 'run', cache, '--kernel', '6.12'], world);
    expect(status).not.toBe(0);
    expect(err).toContain('no test at all');
    const filtered = await daxlab(['kernel', 'run', TEST, '--kernel', '6.12', '--filter', 'nothing'], world);
    expect(filtered.status).toBe(2);
  });
});

describe.each(['6.12', 'newest'])('kernel run', (version) => {
  const reason = whyNotBooted(version);
  const environment = process.env as Record<string, string>;

  describe.skipIf(reason !== null)(named(`on ${version}`, reason), () => {
    const run = (...args: string[]): ReturnType<typeof daxlab> =>
      daxlab(['kernel', 'run', ...args, '--kernel', version], { environment });

    it('agrees with the model, count by count, and says what cannot be expressed', async () => {
      const tests = [
        'fault/write-fault',
        'gup/pin-large-folio',
        'hold/tee-doubles',
        'gup/longterm',
        'exit/what-is-held',
      ];
      const { status, out } = await run(...tests.map((name) => `litmus/devdax/${name}.litmus`), '--json');
      expect(status).toBe(0);
      const document = JSON.parse(out);
      expect(validateDocument(document)).toHaveProperty('document');
      expect(document.comparisons.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
        'agrees',
        'agrees',
        'agrees',
        'not expressible',
        'agrees',
      ]);
      const counts = document.results[0].steps.map(({ pages }: { pages: object }) => pages);
      expect(counts.filter((pages: object) => Object.keys(pages).length > 0)).toHaveLength(
        document.results[0].scheme === 'refcount' ? 3 : 0,
      );
    });

    it('reads from outside what the kernel tells its processes', async () => {
      const input = `DAX two-witnesses
        device d = devdax(size=8M, align=4K)
        device e = devdax(size=8M, align=2M)
        process P {
          m = mmap(d, offset=16K, length=8K, prot=rw)
          n = mmap(e, offset=2M, length=2M, prot=rw)
          store(m, 4K, 1)
          store(n, 1M, 1)
          a = pagemap(m, 0)
          b = pagemap(m, 4K)
          c = pagemap(n, 1M)
          assert !m.pte[0].present && a == -1
          assert m.pte[1].page == b && b == 5
          assert n.pte[256].page == c && c == 768 && n.pte[256].level == 2
        }`;
      const { status, out } = await daxlab(['kernel', 'run', '-', '--kernel', version], {
        environment,
        input,
      });
      expect(out).toContain('1 test: 1 agrees');
      expect(status).toBe(0);
    });

    it('fails for a test that expects what the kernel does not do, though the model agrees', async () => {
      const { status, out } = await run('test/cli/tests/fails.litmus');
      expect(status).toBe(1);
      expect(out).toMatch(/fails\.litmus .* violated .* agrees/);
      expect(out).toContain('1 test: 1 agrees');
    });

    it('executes concurrent tests as often as asked', async () => {
      const { status, out } = await run(
        'litmus/devdax/concurrent/two-stores.litmus',
        '--iterations',
        '5',
        '--json',
      );
      expect(status).toBe(0);
      const { results, comparisons, kernels } = JSON.parse(out);
      expect(results[0].stats.executions).toBe(5);
      expect(results[0].outcomes.length).toBeGreaterThan(0);
      expect(comparisons[0]).toMatchObject({ outcome: 'agrees', ends: { isCompared: true } });
      expect(kernels).toMatchObject([{ tests: 1, boots: 1 }]);
    });
  });
});
