import { describe, expect, it } from 'vitest';
import { type CheckOptions, check, LitmusCheck } from '../../../src/check/index.ts';
import type { Scheme } from '../../../src/litmus/index.ts';
import type { TestResult } from '../../../src/litmus/output/index.ts';
import { parseReplay, run } from '../../../src/run/index.ts';
import { onSmallPages, programOf, withFault } from '../../run/support/execute.ts';
import { concurrentTests } from './tests.ts';

function search(text: string, options: CheckOptions = {}, scheme: Scheme = 'refcount'): TestResult {
  return check(programOf(text), scheme, options);
}

/** Kernel functions that take the place of those whose names they bear before `__`. */
function faulty(...functions: readonly string[]): CheckOptions {
  const names = functions.map((text) => /(\w+__fault)\(/.exec(text)?.[1] ?? '');
  const overrides = Object.fromEntries(names.map((name) => [name.replace(/__fault$/, ''), name]));
  return withFault(functions.join('\n'), overrides) as CheckOptions;
}

/** Repeats the counterexample of a result. */
function repeat(text: string, result: TestResult, options: CheckOptions = {}): TestResult {
  const replay = parseReplay(result.replay ?? '');
  if ('error' in replay) throw new Error(replay.error);
  return run(programOf(text), result.scheme, { ...options, replay });
}

const pinBesideMunmap = concurrentTests['pin beside munmap'] ?? '';

/** A pin that fails: munmap came first. */
const race = (condition: string): string =>
  onSmallPages(`process P {
    m = mmap(d, offset=0, length=4K, prot=rw)
    thread A { munmap(m) }
    thread B { p = pin(m, 0, 4K, write)
               unpin(p) }
  }
  ${condition}`);

describe('conditions', () => {
  it('exists is met by some execution, and a test fails for one that none meets', () => {
    const both = search(race('exists p == 1\nexists p == EFAULT'));
    expect(both.verdict).toBe('ok');
    const neither = search(race('exists p == 7'));
    expect(neither.verdict).toBe('violated');
    expect(neither.conditions).toMatchObject([{ kind: 'exists', holds: false }]);
  });

  it('finally fails with an execution that a run repeats', () => {
    const text = race('finally p == 1');
    const result = search(text);
    expect(result.verdict).toBe('violated');
    expect(result.conditions).toMatchObject([{ kind: 'finally', holds: false }]);
    expect(repeat(text, result).conditions).toMatchObject([{ kind: 'finally', holds: false }]);
    expect(result.steps.map(({ op }) => op)).toContain('munmap');
  });

  it('never fails with an execution that a run repeats', () => {
    const text = race('never p == EFAULT');
    const result = search(text);
    expect(result.conditions).toMatchObject([{ kind: 'never', holds: false }]);
    expect(repeat(text, result).conditions).toMatchObject([{ kind: 'never', holds: false }]);
    expect(search(race('never p == 7')).verdict).toBe('ok');
  });

  it('always is asked after every step: what lasts a few steps is seen', () => {
    const text = race('always d[0].refcount < 1000');
    const result = search(text);
    expect(result.verdict).toBe('violated');
    expect(repeat(text, result).conditions).toMatchObject([{ kind: 'always', holds: false }]);
    expect(search(race('always d[0].refcount >= idle && d[0].refcount < 2000')).verdict).toBe('ok');
  });

  it('assert is asked where it stands, with the operation before it', () => {
    const text = onSmallPages(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      thread A { munmap(m) }
      thread B { p = pin(m, 0, 4K, write)
                 assert p == 1
                 unpin(p) }
    }`);
    const result = search(text);
    expect(result.verdict).toBe('violated');
    expect(result.conditions).toMatchObject([{ kind: 'assert', holds: false }]);
    expect(repeat(text, result).conditions).toMatchObject([{ kind: 'assert', holds: false }]);
  });
});

describe('properties', () => {
  it('a fault of the kernel that only a race shows is found, and a run repeats it', () => {
    const kernel = withFault(
      'export function* gup_fast_undo_grab__nothing(_folio: number, _refs: number, _flags: number): Op {}',
      { gup_fast_undo_grab: 'gup_fast_undo_grab__nothing' },
    );
    const text = onSmallPages(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      store(m, 0, 1)
      thread A { p = pin(m, 0, 4K, write)
                 unpin(p) }
      thread B { madvise(m, DONTNEED) }
    }`);
    expect(search(text).verdict).toBe('ok');
    const options = kernel as CheckOptions;
    const result = search(text, options);
    expect(result.verdict).toBe('violated');
    expect(result.violations).toMatchObject([{ property: 'reference-balance', page: 'd[0]' }]);
    expect(result.violations[0]?.trace.length).toBeGreaterThan(0);
    expect(repeat(text, result, options).violations[0]).toMatchObject({ property: 'reference-balance' });
    const changes = (found: TestResult): number => (found.replay ?? '').split('-').length;
    expect(changes(result)).toBeLessThanOrEqual(changes(search(text, { ...options, asFound: true })));
  });

  it('two that wait for each other are found', () => {
    const text = onSmallPages(`process P { barrier(one) barrier(two) }
    process Q { barrier(two) barrier(one) }`);
    const result = search(text);
    expect(result.verdict).toBe('violated');
    expect(result.violations).toMatchObject([{ property: 'deadlock' }]);
  });
});

describe('who waits for what', () => {
  const messageOf = (text: string, scheme: Scheme, ...faults: string[]): string => {
    const kernel = faulty(...faults);
    const { violations, verdict } = search(text, kernel, scheme);
    expect(verdict).toBe('violated');
    expect(violations).toHaveLength(1);
    return `${violations[0]?.property}: ${violations[0]?.message}`;
  };

  it('is told of locks: where each thread waits, who holds the lock, and where it was taken', () => {
    const message = messageOf(
      onSmallPages('process P { thread A { mlockall(current) } thread B { munlockall() } }'),
      'refcount',
      `export function* sys_mlockall__fault(mm: MmId, flags: number): Op<number> {
        yield* spin_lock(dev_dax.device_lock, 0);
        yield* spin_lock(mm_struct.page_table_lock, mm);
        yield* spin_unlock(mm_struct.page_table_lock, mm);
        yield* spin_unlock(dev_dax.device_lock, 0);
        return 0;
      }`,
      `export function* sys_munlockall__fault(mm: MmId): Op<number> {
        yield* spin_lock(mm_struct.page_table_lock, mm);
        yield* spin_lock(dev_dax.device_lock, 0);
        yield* spin_unlock(dev_dax.device_lock, 0);
        yield* spin_unlock(mm_struct.page_table_lock, mm);
        return 0;
      }`,
    );
    expect(message).toMatch(/^deadlock: /);
    const place = (name: string, line: number): string => `${name}, common/fault.ts:${line}`;
    expect(message).toContain(
      `P.A waits for P.mm.page_table_lock (in ${place('sys_mlockall__fault', 3)}; P.B holds it since ${place('sys_munlockall__fault', 9)})`,
    );
    expect(message).toContain(
      `P.B waits for d.device_lock (in ${place('sys_munlockall__fault', 10)}; P.A holds it since ${place('sys_mlockall__fault', 2)})`,
    );
  });

  it('is told of a lock that somebody took along', () => {
    const message = messageOf(
      onSmallPages('process P { thread A { mlockall(current) } thread B { mlockall(current) } }'),
      'refcount',
      `export function* sys_mlockall__fault(_mm: MmId, _flags: number): Op<number> {
        yield* spin_lock(dev_dax.device_lock, 0);
        return 0;
      }`,
    );
    expect(message).toMatch(
      /^hang: P.[AB] waits for d.device_lock \(in sys_mlockall__fault, common\/fault.ts:2; P.[AB] holds it since sys_mlockall__fault, common\/fault.ts:2 and has ended\)$/,
    );
  });

  it('is told of a wake-up that is lost: unbind waits although no reference is left', () => {
    const message = messageOf(
      onSmallPages('process P { unbind(d) }'),
      'refcount',
      'export function* dev_pagemap_percpu_release__fault(device: DeviceId): Op { yield* load(dev_pagemap.done, device); }',
    );
    expect(message).toMatch(
      /^hang: P waits for d.pgmap.done to be set \(in memunmap_wait, common\/mm\/memremap.ts:\d+; d.pgmap.percpu_ref is 0\)$/,
    );
  });

  it('is told of readers who never leave', () => {
    const message = messageOf(
      onSmallPages(`process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        thread A { r = load(m, 0) barrier(x) }
        thread B { barrier(x) unbind(d) }
      }`),
      'refcount',
      'export function* dax_read_unlock__fault(): Op { yield* rcu_read_lock(); yield* rcu_read_unlock(); }',
    );
    expect(message).toMatch(
      /^hang: P.B waits for SRCU readers \(in synchronize_dax_srcu, .*; P is inside, P.A is inside\)$/,
    );
  });

  it('is told of threads that go round for ever', () => {
    const message = messageOf(
      onSmallPages('process P { thread A { mlockall(current) } thread B { munlockall() } }'),
      'refcount',
      `export function* sys_mlockall__fault(_mm: MmId, _flags: number): Op<number> {
        yield* spin_lock(dev_dax.device_lock, 0);
        while ((yield* load(dev_dax.device_lock, 0)) !== 0) {}
        return 0;
      }`,
      'export function* sys_munlockall__fault(_mm: MmId): Op<number> { return 0; }',
    );
    expect(message).toMatch(
      /^hang: the threads go on for ever: .*; P.A goes round in .*sys_mlockall__fault, common\/fault.ts:3$/,
    );
  });

  it('is told where threads go round, not of what they did before', () => {
    const message = messageOf(
      onSmallPages(
        'process P { m = mmap(d, offset=0, length=4K, prot=rw) store(m, 0, 1) munmap(m) mlockall(current) }',
      ),
      'refcount',
      `export function* sys_mlockall__fault(_mm: MmId, _flags: number): Op<number> {
        yield* spin_lock(dev_dax.device_lock, 0);
        while ((yield* load(dev_dax.device_lock, 0)) !== 0) {}
        return 0;
      }`,
    );
    expect(message).toMatch(/; P goes round in sys_mlockall__fault, common\/fault.ts:3$/);
  });

  it('is told of threads that have not begun', () => {
    const message = messageOf(
      onSmallPages('process P { barrier(x) barrier(y) } process Q { barrier(y) thread A { barrier(x) } }'),
      'refcount',
    );
    expect(message).toBe(
      'deadlock: P waits for barrier(x) (Q.A has not begun); Q waits for barrier(y) (P is missing)',
    );
  });
});

describe('declared hazards', () => {
  it('a declared hazard has to be found, and fails nothing', () => {
    const unbind = (hazard: string): string =>
      onSmallPages(`process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        p = pin(m, 0, 4K, write)
        thread A { a = unbind(d) }
        thread B { unpin(p) }
      }
      ${hazard}`);
    const found = search(unbind('hazard memmap-after-teardown "unbind does not wait for pins"'));
    expect(found.conditions).toMatchObject([{ kind: 'hazard', holds: true }]);
    expect(found.verdict).toBe('ok');
    expect(search(unbind('')).violations).toMatchObject([{ property: 'memmap-after-teardown' }]);
    const absent = search(race('hazard lost-dirty "no such thing here"'));
    expect(absent.verdict).toBe('violated');
    expect(absent.conditions).toMatchObject([{ kind: 'hazard', holds: false }]);
  });
});

describe('pages that outlive their device', () => {
  const pipe = (hazards: string): string =>
    onSmallPages(`process P {
      m = mmap(d, offset=0, length=4K, prot=rw)
      store(m, 0, 65)
      g = vmsplice(m, 0, 4K)
      a = unbind(d)
      b = bind(d)
    }
    ${hazards}`);

  it('are not judged while nobody touches what has become of them, as in a run', () => {
    const result = search(pipe('hazard free-page-reference "the pipe gives back what the page never had"'));
    expect(result).toMatchObject({ verdict: 'ok', conditions: [{ kind: 'hazard', holds: true }] });
    expect(search(pipe('')).violations).toMatchObject([{ property: 'free-page-reference' }]);
  });
});

describe('bounds', () => {
  it('a bound on states leaves the verdict open, and says how far the search came', () => {
    const result = search(pinBesideMunmap, { maximumStates: 50 });
    expect(result.verdict).toBe('incomplete');
    expect(result.stats).toMatchObject({ states: 50, complete: false });
  });

  it('a violation within the bound is one all the same', () => {
    const result = search(race('always d[0].refcount < 1000'), { maximumStates: 400 });
    expect(result.verdict).toBe('violated');
  });

  it('a search that is stopped reports what it has done', () => {
    const running = new LitmusCheck(programOf(pinBesideMunmap), 'refcount');
    expect(running.advance(20)).toBe(false);
    running.stop();
    expect(running.result()).toMatchObject({ verdict: 'incomplete', stats: { complete: false } });
  });

  it('a test of one thread has one execution, an operation a step', () => {
    const result = search(
      onSmallPages(`process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        store(m, 0, 7)
        r = load(m, 0)
      }
      finally r == 7`),
    );
    expect(result).toMatchObject({ verdict: 'ok', stats: { executions: 1, states: 4, complete: true } });
  });
});

describe('outcomes', () => {
  it('are listed once each, with a schedule that a run follows to them', () => {
    const text = race('');
    const { outcomes = [] } = search(text, { allOutcomes: true });
    expect(outcomes.map(({ registers }) => registers['P.p']).sort()).toEqual([-14, 1]);
    for (const { registers, replay } of outcomes) {
      const parsed = parseReplay(replay);
      if ('error' in parsed) throw new Error(parsed.error);
      const pin = run(programOf(text), 'refcount', { replay: parsed }).steps.find(({ op }) => op === 'pin');
      expect(pin?.result).toBe(registers['P.p']);
    }
  });

  it('are the same however often they are looked for', () => {
    const once = search(pinBesideMunmap, { allOutcomes: true });
    expect(search(pinBesideMunmap, { allOutcomes: true })).toEqual(once);
  });
});

describe('the test’s own mistakes', () => {
  it('are errors, not verdicts', () => {
    const result = search(
      onSmallPages(`process P {
        m = mmap(d, offset=0, length=4K, prot=rw)
        r = load(m, 0)
        s = load(m, 4K / r)
      }`),
    );
    expect(result.verdict).toBe('error');
    expect(result.error).toContain('test.litmus:');
  });
});
