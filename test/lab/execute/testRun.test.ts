import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KernelSetting } from '../../../src/lab/execute/kernelSetting.ts';
import { NotExpressible } from '../../../src/lab/execute/notExpressible.ts';
import type { PageReader } from '../../../src/lab/execute/pageReader.ts';
import { TestRun } from '../../../src/lab/execute/testRun.ts';
import { LabError } from '../../../src/lab/labError.ts';
import type { KernelReport } from '../../../src/lab/machine/kernelReports.ts';
import { loadTest } from '../../../src/litmus/index.ts';
import type { TestResult } from '../../../src/litmus/output/index.ts';
import { type HostAgent, startHostAgent } from '../support/hostAgent.ts';

vi.mock('../../../src/lab/execute/operations/adapters.ts', async (original) => {
  const { waitingAdapters } = await import('../support/waitingAdapters.ts');
  return waitingAdapters(await original());
});

describe('a test on this machine’s kernel, with a file for a device', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  async function execute(body: string, setting: KernelSetting = host.setting): Promise<TestResult> {
    const text = `DAX example\ndevice d = devdax(size=4M, align=4K)\n${body}`;
    const loaded = loadTest(text, 'example.litmus');
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    host.zero();
    const run = new TestRun(loaded.program, setting, [0]);
    try {
      await run.execute();
      return run.recorder.result();
    } finally {
      expect(await host.agent.clear()).toBe(0);
    }
  }

  function shown({ steps }: TestResult): string[] {
    return steps.map(({ thread, text, result, errno, signal, skipped }) => {
      const value = skipped ? 'skipped' : (errno ?? signal ?? result);
      return `${thread}: ${text} -> ${value}`;
    });
  }

  it('gives each operation’s result, and judges the conditions', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=8K, prot=rw)
      store(m, 3, 7)
      r = load(m, 3)
      munmap(m, 4K, 4K)
      s = load(m, 4K)
      t = mmap(d, offset=1, length=4K, prot=r)
      assert s < 0 && r == 7
      store(t, 0, 1)
    }
    finally r == 8
    finally[devmap] r == 9
    exists t == EINVAL`);
    expect(shown(result)).toEqual([
      'P: m = mmap(d, offset=0, length=8K, prot=rw) -> 0',
      'P: store(m, 3, 7) -> 0',
      'P: r = load(m, 3) -> 7',
      'P: munmap(m, 4K, 4K) -> 0',
      'P: s = load(m, 4K) -> SIGSEGV',
      'P: t = mmap(d, offset=1, length=4K, prot=r) -> EINVAL',
      'P: store(t, 0, 1) -> skipped',
    ]);
    expect(result.conditions.map(({ kind, text, holds }) => `${kind} ${text}: ${holds}`)).toEqual([
      'assert s < 0 && r == 7: true',
      'finally r == 8: false',
      'exists t == EINVAL: true',
    ]);
    expect(result.conditions.map(({ values }) => values)).toEqual([undefined, { 'P.r': 7 }, undefined]);
    expect(result.verdict).toBe('violated');
    expect(result.source).toBe(`kernel ${host.setting.release}`);
  });

  it('lets threads take turns in file order, one operation a turn', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      thread A { store(m, 0, 1)
                 a = load(m, 0) }
      thread B { store(m, 0, 2)
                 repeat 2 { b = load(m, 0) } }
      c = load(m, 0)
    }
    process Q { barrier(alone) }`);
    expect(shown(result).map((step) => step.replace(/ -> .*/, ''))).toEqual([
      'P: m = mmap(d, offset=0, length=4K, prot=rw)',
      'A: store(m, 0, 1)',
      'B: store(m, 0, 2)',
      'Q: barrier(alone)',
      'A: a = load(m, 0)',
      'B: b = load(m, 0)',
      'B: b = load(m, 0)',
      'P: c = load(m, 0)',
    ]);
    expect(result.verdict).toBe('ok');
  });

  it('lets the others go on while an operation sleeps, which is over at its turn', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      store(m, 0, 0)
      thread A { a = mincore(m, 0) }
      thread B { b = load(m, 0)
                 c = pagemap(m, 0) }
    }`);
    expect(shown(result).slice(2)).toEqual([
      'B: b = load(m, 0) -> 0',
      'B: c = pagemap(m, 0) -> 1',
      'A: a = mincore(m, 0) -> 0',
    ]);
  });

  it('finds a test that hangs, with where in the kernel', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      store(m, 0, 0)
      a = mincore(m, 0)
    }
    always a == 0 || true
    finally a == 7`);
    expect(result.conditions.map(({ kind, judged }) => [kind, judged])).toEqual([
      ['always', undefined],
      ['finally', false],
    ]);
    expect(result.violations.map(({ property, actors }) => [property, actors.length])).toEqual([['hang', 1]]);
    expect(result.violations[0]?.actors[0]).toMatch(/^P: a = mincore\(m, 0\) \(line 6\)/);
    expect(result.verdict).toBe('violated');
  });

  it('gives a forked child its parent’s registers, and nothing of what that holds', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      store(m, 0, 5)
      v = vmsplice(m, 0, 4K)
      fork C { r = load(m, 0)
               a = munmap(m) }
      s = load(m, 0)
      close_pipe(v)
      w = close_pipe(v)
    }
    finally C.r == 5 && s == 5`);
    expect(shown(result).slice(3)).toEqual([
      'P: fork C -> null',
      'C: r = load(m, 0) -> 5',
      'C: a = munmap(m) -> 0',
      'C: exit -> null',
      'P: s = load(m, 0) -> 5',
      'P: close_pipe(v) -> 0',
      'P: w = close_pipe(v) -> EINVAL',
    ]);
    expect(result.verdict).toBe('ok');
  });

  it('ends a process by exit, with its other threads', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      fork C { r = load(m, 0)
               exit(SIGKILL) }
      fork E { exec() }
      s = load(m, 0)
    }
    process Q { a = peek(P, m, 0, 16) }`);
    expect(shown(result).at(-1)).toBe('P: s = load(m, 0) -> 0');
    expect(shown(result)).toContain('C: exit(SIGKILL) -> null');
    expect(shown(result)).toContain('E: exec() -> null');
    expect(result.verdict).toBe('ok');
  });

  it('does not call a guest’s defect something that cannot be expressed', async () => {
    const broken = execute(
      'process P { m = mmap(d, offset=0, length=4K, prot=rw)\n p = pin(m, 0, 4K, read) }',
      { ...host.setting, disk: '/nowhere' },
    );
    await expect(broken).rejects.toThrow(LabError);
    await expect(broken).rejects.toThrow('pin: the guest’s disk does not open (-2)');
  });

  it.each([
    ['pin(m, 0, 4K, read, longterm)', 'pin: nothing in user space pins pages for long to read them only'],
    ['pin(m, 0, 0, write)', 'pin: no system call takes references on nothing'],
    ['get(m, 0, 4K, write)', 'get: vmsplice takes pages to read them only'],
  ])('says of %s that it cannot be expressed', async (operation, message) => {
    await expect(
      execute(`process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        ${operation}
      }`),
    ).rejects.toThrow(message);
  });

  it('says that its disk holds back no more than 250 requests at a time', async () => {
    const disk = host.setting.devices[0]?.path ?? null;
    const begun = execute(
      `process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        repeat 251 { p = io_submit(m, 0, 4K, read) }
      }`,
      { ...host.setting, disk },
    );
    await expect(begun).rejects.toThrow(NotExpressible);
    await expect(begun).rejects.toThrow('250 requests at a time');
  });

  it('refuses a child that gives back what its parent took', async () => {
    await expect(
      execute(`process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        g = get(m, 0, 4K)
        fork C { put(g) }
      }`),
    ).rejects.toThrow('put: the pages were taken by the parent process, and are its own');
  });

  it('does not judge what a real kernel does not show', async () => {
    const result = await execute(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      assert d.pgmap.ref == 0
      assert d.bound || d.pgmap.dying
    }`);
    expect(result.conditions.map(({ text }) => text)).toEqual(['d.bound || d.pgmap.dying']);
  });
});

describe('a kernel that complains in the middle of a test', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  async function complaining(
    report: KernelReport | readonly KernelReport[],
    declarations = '',
  ): Promise<TestRun> {
    const text = `DAX example
      device d = devdax(size=4M, align=4K)
      process P { m = mmap(d, offset=0, length=4K, prot=rw)
                  barrier(there) }
      ${declarations}`;
    const loaded = loadTest(text, 'example.litmus');
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    const reports: KernelReport[] = [{ kind: 'warning', line: 'WARNING: of an earlier test' }];
    const run = new TestRun(loaded.program, { ...host.setting, reports }, [0]);
    reports.push(...[report].flat());
    await run.execute();
    await host.agent.clear();
    return run;
  }

  it('violates it, with the operation under way', async () => {
    const run = await complaining({ kind: 'warning', line: 'WARNING: mm/memremap.c:461' });
    expect(run.recorder.result()).toMatchObject({
      verdict: 'violated',
      violations: [
        {
          property: 'kernel-warning',
          message: 'WARNING: mm/memremap.c:461',
          actors: ['P: m = mmap(d, offset=0, length=4K, prot=rw) (line 3)'],
        },
      ],
    });
    expect(run.recorder.isClean).toBe(false);
  });

  it('confirms by an oops that struct pages are touched after the teardown, where the test declares that', async () => {
    const oops: KernelReport = { kind: 'oops', line: 'BUG: unable to handle page fault' };
    const declared = await complaining(oops, 'hazard[refcount] memmap-after-teardown "known"');
    expect(declared.recorder.result().verdict).toBe('ok');
    expect(declared.recorder.result().conditions).toEqual([
      { kind: 'hazard', text: 'memmap-after-teardown "known"', line: 5, holds: true },
    ]);
    expect(declared.recorder.isClean).toBe(false);
    expect((await complaining(oops)).recorder.result().verdict).toBe('violated');
  });

  it('follows from an oops that the test declares, whatever it says then, and from no other', async () => {
    const oops: KernelReport = { kind: 'oops', line: 'BUG: unable to handle page fault' };
    const rest: KernelReport = { kind: 'warning', line: 'WARNING: kernel/rcu/tree_plugin.h:332' };
    const hazard = 'hazard[refcount] memmap-after-teardown "known"';
    expect((await complaining([oops, rest], hazard)).recorder.result()).toMatchObject({
      verdict: 'ok',
      violations: [{ property: 'memmap-after-teardown' }],
    });
    expect((await complaining([rest, oops], hazard)).recorder.result().verdict).toBe('violated');
    expect((await complaining([oops, rest])).recorder.result().violations).toHaveLength(2);
  });

  it('warns of a count that fell below its base, where the test declares that', async () => {
    const warning: KernelReport = {
      kind: 'warning',
      line: 'WARNING: at mm/memremap.c:461 free_zone_device_folio',
    };
    const declared = await complaining(warning, 'hazard[refcount] free-page-reference "known"');
    expect(declared.recorder.result()).toMatchObject({
      verdict: 'ok',
      conditions: [{ kind: 'hazard', holds: true }],
      violations: [{ property: 'free-page-reference' }],
    });
    const other = await complaining(warning, 'hazard[refcount] stale-tlb "known"');
    expect(other.recorder.result().verdict).toBe('violated');
  });

  it.each([
    ['below its base', 'free-page-reference', -1],
    ['above its base', 'leak', 2],
  ] as const)('leaves a page %s, which is a %s', async (_where, property, by) => {
    const counts = { refcount: 1, mapcount: 0, pincount: 0, order: 0 };
    let isLast = false;
    const reader: PageReader = {
      ...host.setting.reader,
      folio: (_device, page) => ({ ...counts, first: page, refcount: page === 3 && isLast ? 1 + by : 1 }),
    };
    const ends = async (declaration: string): Promise<TestResult> => {
      const text = `DAX example\ndevice d = devdax(size=4M, align=4K)
        process P { barrier(there) }
        ${declaration}`;
      const loaded = loadTest(text, 'example.litmus');
      if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
      isLast = false;
      const run = new TestRun(loaded.program, { ...host.setting, reader }, [0]);
      isLast = true;
      await run.execute();
      await host.agent.clear();
      return run.recorder.result();
    };
    expect(await ends('')).toMatchObject({ verdict: 'violated', violations: [{ property, page: 'd[3]' }] });
    expect((await ends(`hazard[refcount] ${property} "known"`)).verdict).toBe('ok');
    expect((await ends('hazard reference-balance "known"')).violations).toMatchObject([
      { property: 'reference-balance' },
    ]);
  });

  it('is only slow where it complains of a stall', async () => {
    const run = await complaining({ kind: 'stall', line: 'watchdog: BUG: soft lockup' });
    expect(run.recorder.result().verdict).toBe('ok');
    expect(run.recorder.isClean).toBe(true);
  });
});

describe('a test whose threads run at once', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  async function ends(body: string, seeds: number): Promise<Record<string, number | null>[]> {
    const loaded = loadTest(`DAX example\ndevice d = devdax(size=4M, align=4K)\n${body}`, 'example.litmus');
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    const found = new Map<string, Record<string, number | null>>();
    for (let seed = 1; seed <= seeds; seed++) {
      host.zero();
      const run = new TestRun(loaded.program, host.setting, [0], seed);
      await run.execute();
      expect(run.recorder.result().verdict).toBe('ok');
      found.set(JSON.stringify(run.registerValues()), run.registerValues());
      await host.agent.clear();
    }
    return [...found.values()];
  }

  it('gives back once what two threads give back, whoever comes first', async () => {
    const found = await ends(
      `process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        g = get(m, 0, 4K)
        v = vmsplice(m, 0, 4K)
        thread A { a = put(g)
                   b = close_pipe(v) }
        thread B { h = put(g)
                   i = close_pipe(v) }
      }
      finally a + h == EINVAL && b + i == EINVAL`,
      5,
    );
    expect(found.length).toBeGreaterThan(0);
  });

  it('comes to ends that turns do not come to', async () => {
    const found = await ends(
      `process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        thread A { store(m, 0, 1)
                   a = load(m, 64) }
        thread B { store(m, 64, 1)
                   b = load(m, 0) }
      }
      finally a + b >= 0`,
      40,
    );
    expect(found.length).toBeGreaterThan(1);
  });

  it('gives a thread what another has set before it, and not what that was when both began', async () => {
    const found = await ends(
      `process P {
        m = mmap(d, offset=0, length=4K, prot=rw, at=0x600000000000)
        thread A { a = mremap(m, 4K, to=0x610000000000) }
        thread B { b = mremap(m, 4K, to=0x620000000000) }
      }`,
      5,
    );
    expect(found).toEqual([{ 'P.m': 0, 'P.a': 0, 'P.b': 0 }]);
  });

  it('hands results on within a thread, and skips what needs one that failed', async () => {
    const found = await ends(
      `process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        thread A { n = mmap(d, offset=4K, length=4K, prot=rw)
                   store(n, 0, 5)
                   g = vmsplice(n, 0, 4K)
                   h = pipe_drain(g, 4K)
                   c = close_pipe(g)
                   e = close_pipe(g) }
        thread B { x = mmap(d, offset=1, length=4K, prot=rw)
                   y = load(x, 0)
                   z = munmap(m) }
      }`,
      3,
    );
    expect(found).toEqual([
      {
        'P.m': 0,
        'P.n': 0,
        'P.g': 4096,
        'P.h': 4096,
        'P.c': 0,
        'P.e': -22,
        'P.x': -22,
        'P.y': -22,
        'P.z': 0,
      },
    ]);
  });
});
