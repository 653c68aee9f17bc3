import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../src/litmus/index.ts';
import type { TestResult } from '../../src/litmus/output/index.ts';
import { execute, stepText } from './support/execute.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

/** A test of one process on a file system of 1M. */
function onFiles(body: string, conditions = '', fileSystem = 'ext4'): string {
  return `DAX test\ndevice d = fsdax(size=1M, fs=${fileSystem})\nprocess P {\n${body}\n}\n${conditions}`;
}

/** What each operation came to under both schemes, which have to agree. */
function results(body: string, fileSystem = 'ext4'): string[] {
  const [devmap, refcount] = SCHEMES.map((scheme) => {
    const result = execute(onFiles(body, '', fileSystem), scheme);
    expect(result).toMatchObject({ verdict: 'ok', violations: [] });
    return result.steps.map((step) => stepText(step).replace(/^P .* = /, ''));
  });
  expect(devmap).toEqual(refcount);
  return devmap ?? [];
}

/** A test that has to be in order under both schemes. */
function expectOk(body: string, conditions = '', fileSystem = 'ext4'): void {
  for (const scheme of SCHEMES) {
    const result = execute(onFiles(body, conditions, fileSystem), scheme);
    const failed = result.conditions.filter(({ holds, kind }) => !holds && kind !== 'exists');
    expect({ scheme, failed, violations: result.violations, error: result.error }).toEqual({
      scheme,
      failed: [],
      violations: [],
      error: undefined,
    });
  }
}

const CREATED = 'f = open(d, "a", create, size=8K)';

describe('opening and closing files', () => {
  it('finds those that are there, makes those that are to be made', () => {
    expect(
      results(
        'f = open(d, "a")\ng = open(d, "a", create)\nh = open(d, "a")\nx = unlink(d, "a")\ny = unlink(d, "a")',
      ),
    ).toEqual(['ENOENT', '0', '0', '0', 'ENOENT']);
  });

  it('makes no file of a size below 0, written or computed', () => {
    const body = 'e = open(d, "b")\nf = open(d, "a", create, size=-4K)\ng = open(d, "a", create, size=e)';
    expect(results(`${body}\nh = open(d, "a")`)).toEqual(['ENOENT', 'EINVAL', 'EINVAL', 'ENOENT']);
  });

  it('gives a size to no file that has bytes', () => {
    const body = `${CREATED}\ng = open(d, "a", create, size=16K)\nm = mmap(g, 0, 16K, r)\nx = load(m, 8191)\ny = load(m, 8K)`;
    expect(results(body)).toEqual(['0', '0', '0', '0', 'SIGBUS']);
  });

  it('counts a file as 0, and its error as what it is', () => {
    expectOk(`${CREATED}\ng = open(d, "b")\nassert f == 0 && g == ENOENT`);
  });

  it('skips what works on a file that could not be opened, and hands its error on', () => {
    const { steps } = execute(onFiles('f = open(d, "a")\nm = mmap(f, 0, 4K, r)\nx = fsync(f)'));
    expect(steps.map(stepText)).toEqual([
      'P f = open(d, "a") = ENOENT',
      'P m = mmap(f, 0, 4K, r) = skipped',
      'P x = fsync(f) = skipped',
    ]);
  });

  it('refuses what a closed file is asked for', () => {
    expect(
      results(
        `${CREATED}\nclose(f)\nx = close(f)\na = read(f, 0)\nb = write(f, 0, 1)\nc = fsync(f)\ne = ftruncate(f, 0)\nm = mmap(f, 0, 4K, r)`,
      ),
    ).toEqual(['0', '0', 'EBADF', 'EBADF', 'EBADF', 'EBADF', 'EBADF', 'EBADF']);
  });

  it('leaves a file to whoever opened it twice', () => {
    expect(results(`${CREATED}\ng = open(d, "a")\nwrite(f, 0, 7)\nclose(f)\nx = read(g, 0)`)).toEqual([
      '0',
      '0',
      '0',
      '0',
      '7',
    ]);
  });

  it('keeps names of different devices apart', () => {
    const source = `DAX test
      device d = fsdax(size=1M)
      device e = fsdax(size=1M, fs=xfs)
      process P { f = open(d, "a", create, size=4K) g = open(e, "a") }
      finally f == 0 && g == ENOENT`;
    for (const scheme of SCHEMES) expect(execute(source, scheme).verdict).toBe('ok');
  });

  it('gives a forked child the files of its parent, which it closes for itself', () => {
    expectOk(
      `${CREATED}\nwrite(f, 0, 3)\nfork C { x = read(f, 0) close(f) y = read(f, 0) }\nz = read(f, 0)`,
      'finally C.x == 3 && C.y == EBADF && P.z == 3',
    );
  });
});

describe('terms of a file', () => {
  it('say what backs a page, and nothing of a page without a block', () => {
    expectOk(
      `f = open(d, "a", create)
       ftruncate(f, 8K)
       assert !f[0].present && f[0].refcount == -1 && f[0].mapcount == -1 && f[0].pincount == -1 && f[0].order == -1
       write(f, 4K, 1)
       assert !f[0].present && f[1].present && f[1].refcount == idle && f[1].order == 0
       x = ftruncate(f, -1)
       assert !f[1000].present && x < 0 && !f[x].present`,
    );
  });

  it('count like those of the device page behind it', () => {
    expectOk(
      `${CREATED}
       m = mmap(f, 0, 8K, rw)
       store(m, 4K, 1)
       p = pin(m, 4K, 4K, read)
       assert f[1].refcount == d[1].refcount && f[1].pincount == 1 && d[1].pincount == 1
       assert[refcount] f[1].refcount == 1025 && f[1].mapcount == 1
       assert[devmap] f[1].refcount == 1025 && f[1].mapcount == 0
       assert m.pte[1].page == 1
       unpin(p)`,
    );
  });

  it('go on after the file was closed, until it is gone', () => {
    expectOk(`${CREATED}
      m = mmap(f, 0, 4K, rw)
      close(f)
      store(m, 0, 1)
      assert f[0].present
      unlink(d, "a")
      assert f[0].present
      munmap(m)
      assert !f[0].present && f[0].refcount == -1
      g = open(d, "b", create, size=4K)
      assert g[0].present && !f[0].present`);
  });

  it('know a page of zeros as no page of the device', () => {
    expectOk(`f = open(d, "a", create)
      ftruncate(f, 4K)
      m = mmap(f, 0, 4K, r)
      x = load(m, 0)
      y = pagemap(m, 0)
      assert x == 0 && y == -1 && m.pte[0].present && m.pte[0].page == -1 && !f[0].present`);
  });
});

describe('blocks of a file', () => {
  it('wait for pins before they go', () => {
    const body = `${CREATED}
      m = mmap(f, 0, 4K, rw)
      p = pin(m, 0, 4K, write)
      thread A { a = ftruncate(f, 0) }
      thread B { b = dma_write(p, 0, 9) c = unpin(p) }`;
    for (const scheme of SCHEMES) {
      const { steps, verdict } = execute(onFiles(body), scheme);
      expect(verdict).toBe('ok');
      expect(steps.map(stepText).slice(-3)).toEqual([
        'P.B b = dma_write(p, 0, 9) = 0',
        'P.B c = unpin(p) = 0',
        'P.A a = ftruncate(f, 0) = 0',
      ]);
    }
  });

  it('are waited for in vain while nobody gives them back, and the report says what for', () => {
    for (const scheme of SCHEMES) {
      const result = execute(
        onFiles(`${CREATED}\nm = mmap(f, 0, 8K, rw)\np = pin(m, 4K, 4K, read)\nftruncate(f, 0)`),
        scheme,
      );
      expect(result.violations).toMatchObject([
        {
          property: 'hang',
          page: null,
          message: expect.stringContaining('P waits for page d[1] (page 1 of "a") to become idle'),
          actors: ['P: ftruncate(f, 0)'],
        },
      ]);
      expect(result.violations[0]?.message).toContain('pin P.p holds it');
    }
  });

  it('are shared on xfs alone', () => {
    const body = `${CREATED}\ng = open(d, "b", create)\nwrite(f, 0, 5)\nx = reflink(f, g)\ny = read(g, 0)`;
    expect(results(body).slice(3)).toEqual(['EOPNOTSUPP', '0']);
    expect(results(body, 'xfs').slice(3)).toEqual(['0', '5']);
    expectOk(
      `${body}\nassert f[0].refcount == idle && g[0].present\nwrite(g, 0, 6)\nz = read(f, 0)\nassert z == 5`,
      '',
      'xfs',
    );
  });

  it('go where fallocate(2) has them go', () => {
    expect(
      results(`f = open(d, "a", create, size=12K)
        write(f, 0, 1) write(f, 4K, 2) write(f, 8K, 3)
        fallocate(f, collapse, 0, 4K) a = read(f, 0)
        fallocate(f, insert, 0, 4K) b = read(f, 0) c = read(f, 4K)
        fallocate(f, zero, 4K, 4K) e = read(f, 4K)
        punch(f, 8K, 4K) g = read(f, 8K)
        h = fallocate(f, allocate, 0, 16K, keep_size) i = ftruncate(f, 4K) j = read(f, 4K)`).slice(4),
    ).toEqual(['0', '2', '0', '0', '2', '0', '0', '0', '0', '0', '0', '0']);
  });
});

describe('a power loss', () => {
  it('takes what was not made durable, and leaves what was', () => {
    expectOk(
      `${CREATED}
       m = mmap(f, 0, 8K, rw)
       store(m, 0, 1) a = fsync(f) store(m, 4K, 2)
       p = pin(m, 0, 4K, write)
       x = crash()
       assert x == 0 && d.bound && d[0].refcount == idle && d[1].refcount == idle
       f = open(d, "a")
       m = mmap(f, 0, 8K, r)
       b = load(m, 0) c = load(m, 4K)`,
      'finally a == 0 && p == 1 && b == 1 && c == 0',
    );
  });

  it('keeps what MAP_SYNC, msync and fdatasync promised', () => {
    for (const kept of ['fdatasync(f)', 'msync(m)']) {
      expectOk(
        `f = open(d, "a", create) ftruncate(f, 4K)
         m = mmap(f, 0, 4K, rw)
         store(m, 0, 4) a = ${kept}
         crash()
         f = open(d, "a")
         b = read(f, 0)`,
        'finally a == 0 && b == 4',
      );
    }
    expectOk(
      `f = open(d, "a", create) ftruncate(f, 4K)
       m = mmap(f, 0, 4K, rw, sync)
       store(m, 0, 4)
       crash()
       f = open(d, "a")
       assert f[0].present`,
    );
  });

  it('leaves device-DAX what it had', () => {
    const source = `DAX test
      device d = devdax(size=4M)
      device e = fsdax(size=1M)
      process P {
        m = mmap(d, 0, 4K, rw) store(m, 0, 3)
        crash()
        m = mmap(d, 0, 4K, r) x = load(m, 0)
      }
      finally x == 3`;
    for (const scheme of SCHEMES)
      expect(execute(source, scheme)).toMatchObject({ verdict: 'ok', violations: [] });
  });
});

describe('a pmem device', () => {
  it('is bound from the start, unbound and bound again with its files', () => {
    expectOk(
      `${CREATED}
       write(f, 0, 6) fsync(f) close(f)
       assert d.bound && d.size == 1M && d[0].refcount == idle
       a = unbind(d)
       assert !d.bound && d[0].refcount == -1
       g = open(d, "a")
       b = bind(d)
       h = open(d, "a")
       c = read(h, 0)`,
      'finally a == 0 && b == 0 && c == 6 && g < 0',
    );
  });

  it('has the place in memory that a page of zeros leaves it', () => {
    const source = `DAX test
      device d = devdax(size=4M)
      device e = fsdax(size=1M)
      process P {
        m = mmap(d, 0, 4K, rw) x = store(m, 0, 3)
        f = open(e, "a", create, size=4K) n = mmap(f, 0, 4K, rw) y = store(n, 0, 4) z = load(m, 0)
      }
      finally x == 0 && y == 0 && z == 3
      finally d[0].refcount == e[0].refcount || d[0].refcount == e[0].refcount + 1`;
    for (const scheme of SCHEMES)
      expect(execute(source, scheme)).toMatchObject({ verdict: 'ok', violations: [] });
  });
});

/** The names of pages and files that a result speaks of. */
function pagesOf({ steps }: TestResult): string[] {
  return [...new Set(steps.flatMap(({ pages }) => Object.keys(pages)))];
}

describe('the report of files', () => {
  it('names pages as those of the device', () => {
    const body = `${CREATED}\nm = mmap(f, 0, 8K, rw)\nstore(m, 4K, 1)`;
    expect(pagesOf(execute(onFiles(body), 'refcount'))).toEqual(['d[1]']);
    expect(pagesOf(execute(onFiles(body), 'devmap'))).toEqual([]);
  });

  it('counts a folio of 2M by its first page, and knows it as one while the file has it', () => {
    const source = `DAX test
      device d = fsdax(size=8M)
      process P {
        f = open(d, "a", create, size=2M)
        m = mmap(f, 0, 2M, rw) store(m, 8K, 1)
        n = mmap(f, 0, 4K, r) x = load(n, 0)
        assert m.pte[0].level == 2 && n.pte[0].level == 1
        assert[refcount] f[2].order == 9 && f[2].refcount == 2 && f[2].mapcount == 2
        assert[devmap] f[2].order == 0 && f[2].refcount == 1
        p = pin(m, 0, 8K, read)
        assert[refcount] f[0].pincount == 2 && f[0].refcount == 4
        assert[devmap] f[0].pincount == 1 && f[0].refcount == 1025 && f[2].refcount == 1
        unpin(p) munmap(m) munmap(n)
        assert f[0].refcount == idle
        ftruncate(f, 0)
        assert d[0].order == 0 && d[0].refcount == idle
      }`;
    for (const scheme of SCHEMES)
      expect(execute(source, scheme)).toMatchObject({ verdict: 'ok', violations: [] });
    expect(pagesOf(execute(source, 'refcount'))).toEqual(['d[0]']);
  });
});
