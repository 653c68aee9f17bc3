import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAgent } from '../../../../src/lab/agent/buildAgent.ts';
import { executeTests, type KernelOutcome } from '../../../../src/lab/execute/index.ts';
import type { KernelImage } from '../../../../src/lab/kernels/kernelImage.ts';
import { bootGuest } from '../../../../src/lab/machine/bootGuest.ts';
import { loadTest, type Program } from '../../../../src/litmus/index.ts';
import { kernelOf, named, whyNotBooted } from '../../support/realKernels.ts';

/*
 * What real kernels were seen to do with files on DAX file systems: which pages have which counts, and who waits. Under
 * the refcount scheme an idle page of a file has no reference, before it one.
 */

const SMALL_PAGES = `
  f = open(d, "data", create, size=16K)
  m = mmap(f, length=16K, prot=rw)
  assert f[0].present && f[0].refcount == idle && f[0].mapcount == 0
  store(m, 0, 7)
  load(m, 4K)
  assert[devmap] f[0].refcount == 1 && f[0].mapcount == 0
  assert[refcount] f[0].refcount == 1 && f[0].mapcount == 1 && f[1].refcount == 1 && f[2].refcount == 0
  g = get(m, 0, 4K)
  p = pin(m, 4K, 4K, write)
  assert f[0].refcount == 2 && p == 1
  assert f[1].refcount == 1025 && f[1].pincount == 1
  l = pin(m, 0, 4K, write, longterm)
  put(g)
  unpin(p)
  b = load(m, 4K)
`;

const LARGE_FOLIO = `
  f = open(d, "data", create, size=4M)
  m = mmap(f, length=4M, prot=rw)
  store(m, 2M, 7)
  assert m.pte[512].level == 2 && f[512].refcount == 1
  assert[devmap] f[512].order == 0
  assert[refcount] f[512].order == 9 && f[513].mapcount == 1 && f[0].order == 0
  munmap(m)
  assert[refcount] f[512].order == 9 && f[512].refcount == 0
  ftruncate(f, 0)
  assert f[512].present == false
`;

const HOLES = `
  f = open(d, "data", create)
  ftruncate(f, 16K)
  m = mmap(f, length=16K, prot=rw)
  r = load(m, 0)
  assert r == 0 && f[0].present == false && m.pte[0].present && m.pte[0].page == -1
  store(m, 0, 5)
  assert f[0].present && f[0].refcount == 1 && f[1].present == false
  punch(f, 0, 4K)
  assert f[0].present == false && m.pte[0].present == false
`;

const WAITS = `
  f = open(d, "data", create, size=16K)
  m = mmap(f, length=16K, prot=rw)
  store(m, 0, 7)
  v = get(m, 0, 4K)
  thread A { t = ftruncate(f, 0) }
  thread B { barrier(asleep)
             assert[refcount] f[0].refcount == 1 && f[0].mapcount == 0
             assert f[0].present && m.pte[0].present == false
             put(v) }
  assert t == 0 && f[0].present == false
  s = load(m, 0)
`;

const UNLINKED = `
  f = open(d, "data", create, size=16K)
  m = mmap(f, length=16K, prot=rw)
  store(m, 0, 7)
  u = unlink(d, "data")
  assert f[0].present && f[0].refcount == 1
  n = open(d, "data")
  w = write(f, 1, 3)
  close(f)
  r = load(m, 1)
`;

const SHARED_BLOCKS = `
  f = open(d, "a", create, size=4K)
  g = open(d, "b", create)
  c = reflink(f, g)
  m = mmap(f, length=4K, prot=rw)
  n = mmap(g, length=4K, prot=rw)
  load(m, 0)
  load(n, 0)
  assert[refcount] f[0].refcount == 2 && g[0].refcount == 2 && f[0].mapcount == 2
  assert m.pte[0].page == n.pte[0].page
  store(m, 0, 5)
  assert m.pte[0].page != n.pte[0].page
  assert[refcount] f[0].refcount == 1 && g[0].refcount == 1
  r = load(n, 0)
`;

const TESTS: readonly (readonly [
  name: string,
  body: string,
  ends: string,
  fileSystems: readonly string[],
])[] = [
  ['small-pages', SMALL_PAGES, 'l == EOPNOTSUPP && b == 0', ['ext4', 'xfs']],
  ['large-folio', LARGE_FOLIO, '1', ['ext4', 'xfs']],
  ['holes', HOLES, 'r == 0', ['ext4', 'xfs']],
  ['waits', WAITS, 's == SIGBUS', ['ext4', 'xfs']],
  ['unlinked', UNLINKED, 'u == 0 && n == ENOENT && w == 0 && r == 3', ['ext4', 'xfs']],
  ['shared-blocks', SHARED_BLOCKS, 'c == 0 && r == 0', ['xfs']],
];

/** The driver of the block device goes: everything that asks the file system fails from then on. */
const GONE = `DAX gone
device d = fsdax(size=16M, fs=ext4)
process P {
  f = open(d, "data", create, size=4K)
  u = unbind(d)
  w = write(f, 0, 1)
}
finally u == 0 && w == EIO && d.bound == false && f[0].refcount == -1`;

function programs(): Program[] {
  const texts = TESTS.flatMap(([name, body, ends, fileSystems]) =>
    fileSystems.map(
      (fs) => `DAX ${name}-${fs}\ndevice d = fsdax(size=32M, fs=${fs})\nprocess P {${body}}\nfinally ${ends}`,
    ),
  );
  return [GONE, ...texts].map((text) => {
    const loaded = loadTest(text, 'files.litmus');
    if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
    return loaded.program;
  });
}

describe.each(['6.12', 'newest'])('files', (version) => {
  const reason = whyNotBooted(version) ?? whyNotBooted(version, ['mkfs.ext4', 'mkfs.xfs']);

  describe.skipIf(reason !== null)(named(`on kernel ${version}`, reason), () => {
    const all = programs();
    const outcomes = new Map<string, KernelOutcome>();
    const order: string[] = [];
    const starts: string[] = [];
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
      const agent = await buildAgent(fileURLToPath(new URL('../../../../guest', import.meta.url)), folder);
      const kernel = kernelOf(version) as KernelImage;
      const onProgress = ({ stage }: { readonly stage: string }): void => {
        if (stage !== 'test') starts.push(stage);
      };
      const options = { kernel, agent, bootGuest, iterations: null, guests: 1, onProgress };
      for await (const { program, outcome } of executeTests(all, options)) {
        outcomes.set(program.name, outcome);
        order.push(program.name);
      }
    }, 600_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each(all.map(({ name }) => name))('%s: is as it was recorded', (name) => {
      const result = outcomes.get(name)?.result;
      expect(result?.error).toBeUndefined();
      expect(result?.violations).toEqual([]);
      expect(result?.conditions.filter(({ holds }) => !holds)).toEqual([]);
      expect(result?.verdict).toBe('ok');
    });

    it('are gone after each test: one guest serves all but who takes the device away', () => {
      const names = [...outcomes].filter(([, { isUsable }]) => !isUsable).map(([name]) => name);
      expect(names).toEqual(['gone']);
      expect(order.at(-1)).toBe('gone');
      expect(starts).toEqual(['boot', 'thaw']);
    });

    it('lets the others go on while a truncation waits for a page', () => {
      for (const name of ['waits-ext4', 'waits-xfs']) {
        const steps = outcomes.get(name)?.result.steps ?? [];
        const texts = steps.map(({ text }) => text);
        expect(texts.indexOf('t = ftruncate(f, 0)')).toBeGreaterThan(texts.indexOf('put(v)'));
        expect(steps.find(({ op }) => op === 'put')?.overlaps).toBe(true);
      }
    });

    it('name the pages of files by what they back, wherever the kernel has put them', () => {
      for (const name of ['small-pages-ext4', 'small-pages-xfs']) {
        const store = outcomes.get(name)?.result.steps.find(({ op }) => op === 'get');
        expect(Object.values(store?.backs ?? {})).toEqual(['d/data[0]']);
        expect(Object.keys(store?.pages ?? {})).toEqual(Object.keys(store?.backs ?? {}));
      }
    });
  });
});
