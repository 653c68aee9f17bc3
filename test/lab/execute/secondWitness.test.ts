import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PageReader } from '../../../src/lab/execute/pageReader.ts';
import { Contradiction } from '../../../src/lab/execute/secondWitness.ts';
import { TestRun } from '../../../src/lab/execute/testRun.ts';
import { loadTest } from '../../../src/litmus/index.ts';
import { type HostAgent, startHostAgent } from '../support/hostAgent.ts';

vi.mock('../../../src/lab/execute/operations/adapters.ts', async (original) => {
  const { waitingAdapters } = await import('../support/waitingAdapters.ts');
  return waitingAdapters(await original());
});

describe('the second witness, on this machine’s kernel', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  /** Executes a test whose reader sees what `lie` makes of the frames. */
  async function execute(
    body: string,
    lie: (frames: (number | undefined)[], address: number) => (number | undefined)[],
  ): Promise<{ seen: number[][] }> {
    const text = `DAX t\ndevice d = devdax(size=4M, align=4K)\nprocess P { ${body} }`;
    const loaded = loadTest(text, 't.litmus');
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    const seen: number[][] = [];
    const reader: PageReader = {
      ...host.setting.reader,
      frames: (id, address, pages) => {
        const frames = [...host.setting.reader.frames(id, address, pages)];
        seen.push(frames.flatMap((frame, page) => (frame === undefined ? [] : [page])));
        return lie(frames, address);
      },
    };
    const run = new TestRun(loaded.program, { ...host.setting, reader }, [0]);
    try {
      await run.execute();
      return { seen };
    } finally {
      expect(await host.agent.clear()).toBe(0);
    }
  }

  const BODY = `m = mmap(d, offset=0, length=32K, prot=rw, at=0x600000000000)
    store(m, 0, 1)
    store(m, 20K, 1)
    munmap(m, 0, 4K)`;

  it('confirms after every operation what is mapped', async () => {
    const { seen } = await execute(BODY, (frames) => frames);
    // The first touch may map the pages around it as well: these are in the page cache of an ordinary file.
    expect(seen.at(-1)).toContain(5);
    expect(seen.at(-1)).not.toContain(0);
    expect(seen).toHaveLength(4);
  });

  it('names the page of which too much is read, with both values', async () => {
    await expect(execute(BODY, (frames) => frames.with(6, 0x123))).rejects.toThrow(Contradiction);
    await expect(
      execute('m = mmap(d, offset=0, length=32K, prot=rw, at=0x600000000000)', (frames) =>
        frames.with(6, 0x123),
      ),
    ).rejects.toThrow(
      'the reader of the kernel’s memory is wrong: at 0x600000006000 of P it finds frame 291 (d[291]), and the kernel no page',
    );
  });

  it('names the page of which too little is read', async () => {
    await expect(
      execute('m = mmap(d, offset=0, length=32K, prot=rw, at=0x600000000000)\nstore(m, 12K, 1)', (frames) =>
        frames.with(3, undefined),
      ),
    ).rejects.toThrow(/at 0x600000003000 of P it finds no page, and the kernel frame \d+/);
  });

  it('compares both ends of a mapping that is long', async () => {
    const asked: number[] = [];
    await execute(
      `m = mmap(d, offset=0, length=4M, prot=rw, at=0x600000000000)
       n = mremap(m, 16M, to=0x610000000000)`,
      (frames, address) => {
        asked.push(address);
        expect(frames.length).toBeLessThanOrEqual(1024);
        return frames;
      },
    );
    expect(asked).toContain(0x610000000000 + 12 * 2 ** 20);
  });

  it('is asked about every mapping, also where there are more than one row of questions has room for', async () => {
    const asked = new Set<number>();
    await execute('repeat 100 { m = mmap(d, offset=0, length=4K, prot=rw) }', (frames, address) => {
      asked.add(address);
      return frames;
    });
    expect(asked.size).toBe(100);
  });

  it('is not asked while an operation is under way', async () => {
    const { seen } = await execute(
      `m = mmap(d, offset=0, length=4K, prot=rw)
       store(m, 0, 0)
       thread A { a = mincore(m, 0) }
       thread B { b = load(m, 0)
                  c = pagemap(m, 0) }`,
      (frames) => frames,
    );
    expect(seen.length).toBeLessThan(6);
  });
});
