import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotExpressible } from '../../../../src/lab/execute/notExpressible.ts';
import { TestRun } from '../../../../src/lab/execute/testRun.ts';
import { loadTest } from '../../../../src/litmus/index.ts';
import { type HostAgent, startHostAgent } from '../../support/hostAgent.ts';

describe('files of a test, with a folder of this machine for a file system', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  /** Executes the body of a process; each operation with what came of it. */
  async function execute(body: string): Promise<string[]> {
    const text = `DAX files\ndevice d = fsdax(size=4M, fs=ext4)\nprocess P { ${body} }`;
    const loaded = loadTest(text, 'files.litmus');
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    const run = new TestRun(loaded.program, host.onFiles, [0]);
    try {
      await run.execute();
      return run.recorder.result().steps.map(({ text: operation, result, errno, signal, skipped }) => {
        const value = skipped ? 'skipped' : (errno ?? signal ?? result);
        return `${operation} -> ${value}`;
      });
    } finally {
      expect(await host.agent.clear()).toBe(0);
      await run.files.removeAll();
    }
  }

  const folder = (): string[] => readdirSync(host.onFiles.devices[0]?.path ?? '');

  it('are made with zeros, read, written, cut and removed', async () => {
    expect(
      await execute(`
        f = open(d, "data", create, size=16K)
        a = read(f, 16383)
        write(f, 5, 7)
        b = read(f, 5)
        m = mmap(f, length=8K, prot=rw)
        c = load(m, 5)
        store(m, 4096, 9)
        e = read(f, 4096)
        fsync(f)
        fdatasync(f)
        ftruncate(f, 4K)
        s = load(m, 4096)
        g = fallocate(f, allocate, 0, 64K, keep_size)
        t = load(m, 4096)
        unlink(d, "data")
        close(f)
        u = load(m, 5)
      `),
    ).toEqual([
      'f = open(d, "data", create, size=16K) -> 0',
      'a = read(f, 16383) -> 0',
      'write(f, 5, 7) -> 0',
      'b = read(f, 5) -> 7',
      'm = mmap(f, length=8K, prot=rw) -> 0',
      'c = load(m, 5) -> 7',
      'store(m, 4096, 9) -> 0',
      'e = read(f, 4096) -> 9',
      'fsync(f) -> 0',
      'fdatasync(f) -> 0',
      'ftruncate(f, 4K) -> 0',
      's = load(m, 4096) -> SIGBUS',
      'g = fallocate(f, allocate, 0, 64K, keep_size) -> 0',
      't = load(m, 4096) -> SIGBUS',
      'unlink(d, "data") -> 0',
      'close(f) -> 0',
      'u = load(m, 5) -> 7',
    ]);
    expect(folder()).toEqual([]);
  });

  it('are not there before they are made, and not made a second time', async () => {
    expect(
      await execute(`
        a = open(d, "data")
        b = unlink(d, "data")
        f = open(d, "data", create, size=4K)
        write(f, 0, 3)
        g = open(d, "data", create, size=8K)
        c = read(g, 0)
        close(g)
        e = read(g, 0)
        h = read(f, 0)
      `),
    ).toEqual([
      'a = open(d, "data") -> ENOENT',
      'b = unlink(d, "data") -> ENOENT',
      'f = open(d, "data", create, size=4K) -> 0',
      'write(f, 0, 3) -> 0',
      'g = open(d, "data", create, size=8K) -> 0',
      'c = read(g, 0) -> 3',
      'close(g) -> 0',
      'e = read(g, 0) -> EBADF',
      'h = read(f, 0) -> 3',
    ]);
    expect(folder()).toEqual([]);
  });

  it('are not made of a size below 0', async () => {
    expect(
      await execute(`
        f = open(d, "data", create, size=-4K)
        g = open(d, "data")
      `),
    ).toEqual(['f = open(d, "data", create, size=-4K) -> EINVAL', 'g = open(d, "data") -> ENOENT']);
    expect(folder()).toEqual([]);
  });

  it('stay open in a child, whose close is its own', async () => {
    const steps = await execute(`
      f = open(d, "data", create, size=4K)
      fork C { write(f, 0, 4) close(f) r = read(f, 0) }
      s = read(f, 0)
    `);
    expect(steps.slice(-5)).toEqual([
      'write(f, 0, 4) -> 0',
      'close(f) -> 0',
      'r = read(f, 0) -> EBADF',
      'exit -> null',
      's = read(f, 0) -> 4',
    ]);
  });

  it('cannot have names that no command could tell', async () => {
    await expect(execute(`f = open(d, "two words", create)`)).rejects.toThrow(NotExpressible);
    expect(folder()).toEqual([]);
  });

  it('cannot lose their power', async () => {
    await expect(execute('crash()')).rejects.toThrow('a machine that loses its power');
  });
});
