import { describe, expect, it } from 'vitest';
import type { Program, Scheme } from '../../src/litmus/index.ts';
import type { TestResult } from '../../src/litmus/output/index.ts';
import {
  type DetailedStep,
  Execution,
  type ExecutionOptions,
  isOver,
  parseReplay,
} from '../../src/run/index.ts';
import { programOf } from './support/execute.ts';

interface Told {
  readonly result: TestResult;
  readonly operations: readonly DetailedStep[];
}

function tell(program: Program, scheme: Scheme, options: ExecutionOptions = {}): Told {
  const operations: DetailedStep[] = [];
  const execution = new Execution(program, scheme, {
    ...options,
    onOperation: (operation) => operations.push(operation),
  });
  execution.advance(Number.POSITIVE_INFINITY);
  const result = execution.result();
  expect(result.error).toBeUndefined();
  return { result, operations };
}

/** `P.A x = punch(f, 0, 4K)`, and what it waits for if it is not over. */
function textOf({ step }: DetailedStep): string {
  const who = step.process === step.thread ? step.process : `${step.process}.${step.thread}`;
  return `${who} ${step.text}${isOver(step) ? '' : ` waits for ${step.waitsFor}`}`;
}

/** How an operation changed the refcount of a page, each time that it was told of. */
function refcountsOf(operations: readonly DetailedStep[], page: string): readonly unknown[] {
  return operations.flatMap(({ changes }) =>
    [changes[`${page}.refcount`] ?? []].filter((pair) => pair.length > 0),
  );
}

const SLEEPER = programOf(`DAX sleeper
device d = fsdax(size=16M, fs=xfs)
process P {
  f = open(d, "a", create, size=4K)
  m = mmap(f, length=4K, prot=rw)
  store(m, 0, 1)
  p = pin(m, 0, 4K, write)
  thread A { x = punch(f, 0, 4K) }
  thread B { unpin(p) }
}`);

const PINS = programOf(`DAX pins
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, length=8K, prot=rw)
  store(m, 0, 1)
  store(m, 4K, 1)
  thread A { p = pin(m, 0, 8K, write) unpin(p) }
  thread B { q = get(m, 0, 8K) munmap(m, 0, 4K) put(q) }
  thread C { r = pin(m, 0, 4K, write) unpin(r) }
}`);

describe('an operation that sleeps while another one comes to its end', () => {
  // One mapping and one pin: 1 + 1024. The punch takes the mapping away and sleeps; the unpin leaves nothing.
  it('is told of where it fell asleep, with what it had changed by then', () => {
    const { operations } = tell(SLEEPER, 'refcount');
    expect(operations.slice(4).map(textOf)).toEqual([
      'P.A x = punch(f, 0, 4K) waits for page d[0] (page 0 of "a") to become idle',
      'P.B unpin(p)',
      'P.A x = punch(f, 0, 4K)',
    ]);
    expect(refcountsOf(operations.slice(4), 'd[0]')).toEqual([
      [1025, 1024],
      [1024, 0],
    ]);
  });

  it('leaves in its step the counts at its end, as every step does', () => {
    const { result } = tell(SLEEPER, 'refcount');
    const counts = { mapcount: 0, pincount: 0, order: 0 };
    expect(result.steps.slice(4).map(({ op, pages }) => [op, pages])).toEqual([
      ['unpin', { 'd[0]': { refcount: 0, ...counts } }],
      ['punch', { 'd[0]': { refcount: 0, ...counts } }],
    ]);
    expect(result.unfinished).toBeUndefined();
  });

  it('is none where threads of the test only wait for each other', () => {
    const program = programOf(`DAX meeting
device d = devdax(size=4M, align=4K)
process P { barrier(go) m = mmap(d, length=4K, prot=rw) }
process Q { n = mmap(d, length=4K, prot=rw) barrier(go) }`);
    const { operations } = tell(program, 'refcount');
    expect(operations.every(({ step }) => isOver(step))).toBe(true);
  });
});

describe('an operation that never ends', () => {
  it.each(['devmap', 'refcount'] as const)('is told of with what it waits for (%s)', (scheme) => {
    const program = programOf(`DAX itself
device d = fsdax(size=16M, fs=ext4)
process P {
  f = open(d, "a", create, size=4K)
  m = mmap(f, length=4K, prot=rw)
  p = pin(m, 0, 4K, write)
  a = ftruncate(f, 0)
}`);
    const { result, operations } = tell(program, scheme);
    const waitsFor = 'page d[0] (page 0 of "a") to become idle';
    expect(operations.slice(3).map(textOf)).toEqual([`P a = ftruncate(f, 0) waits for ${waitsFor}`]);
    expect(operations[3]?.changes['P.m.pte[0]']?.[1]).toBe('none');
    expect(result.unfinished).toEqual([
      { process: 'P', thread: 'P', text: 'a = ftruncate(f, 0)', line: 7, waitsFor },
    ]);
  });

  it('is told of behind the one that it waits for', () => {
    const program = programOf(`DAX queue
device d = fsdax(size=16M, fs=xfs)
process P {
  f = open(d, "a", create, size=8K)
  m = mmap(f, length=8K, prot=rw)
  thread A { p = pin(m, 0, 4K, write) a = write(f, 4K, 5) unpin(p) }
  thread B { b = ftruncate(f, 0) }
}`);
    const { operations } = tell(program, 'refcount');
    expect(operations.slice(-2).map(textOf)).toEqual([
      'P.B b = ftruncate(f, 0) waits for page d[0] (page 0 of "a") to become idle',
      'P.A a = write(f, 4K, 5) waits for "a".i_rwsem',
    ]);
  });

  it('is told of where a file system is unmounted under a pin, or its device goes', () => {
    const going = (action: string, other: string): Program =>
      programOf(`DAX going
device d = fsdax(size=16M, fs=ext4)
process P {
  f = open(d, "a", create, size=4K)
  m = mmap(f, length=4K, prot=rw)
  p = pin(m, 0, 4K, write)
  munmap(m)
  close(f)
  thread A { a = ${action}(d) }
  thread B { b = ${other} }
}`);
    expect(tell(going('umount', 'mount(d)'), 'refcount').operations.slice(-2).map(textOf)).toEqual([
      'P.A a = umount(d) waits for page d[0] (page 0 of "a") to become idle',
      'P.B b = mount(d) waits for d.super.s_umount',
    ]);
    expect(tell(going('unbind', 'unlink(d, "a")'), 'refcount').operations.slice(-2).map(textOf)).toEqual([
      'P.A a = unbind(d) waits for page d[0] (page 0 of "a") to become idle',
      'P.B b = unlink(d, "a") waits for "a" to be out of memory, which somebody sees to',
    ]);
  });

  it('waits for a barrier as for anything else', () => {
    const program = programOf(`DAX alone
device d = fsdax(size=16M, fs=xfs)
process P { barrier(go) }
process Q { f = open(d, "a", create, size=4K) m = mmap(f, length=4K, prot=rw) p = pin(m, 0, 4K, write)
            ftruncate(f, 0) barrier(go) }`);
    const { result } = tell(program, 'refcount');
    expect(result.unfinished?.map(({ process, waitsFor }) => [process, waitsFor])).toEqual([
      ['P', 'barrier(go)'],
      ['Q', 'page d[0] (page 0 of "a") to become idle'],
    ]);
  });
});

describe('operations that are told of', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);

  it.each(['devmap', 'refcount'] as const)(
    'change each count from what the one before left, in every interleaving (%s)',
    (scheme) => {
      for (const seed of seeds) {
        const { operations } = tell(PINS, scheme, { seed });
        for (const page of ['d[0]', 'd[1]']) {
          const changes = refcountsOf(operations, page) as readonly (readonly [number, number])[];
          const befores = changes.map(([before]) => before);
          const afters = changes.map(([, after]) => after);
          expect(befores, `seed ${seed}, ${page}`).toEqual([1, ...afters.slice(0, -1)]);
        }
      }
    },
  );

  it('are the same when the schedule is replayed, in which nobody asks in vain', () => {
    for (const seed of seeds) {
      const { result, operations } = tell(SLEEPER, 'refcount', { seed });
      const replay = parseReplay(result.replay ?? '');
      if ('error' in replay) throw new Error(replay.error);
      expect(tell(SLEEPER, 'refcount', { replay }).operations, `seed ${seed}`).toEqual(operations);
    }
  });
});
