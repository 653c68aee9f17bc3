import { describe, expect, it } from 'vitest';
import type { TraceEntry } from '../../src/litmus/output/index.ts';
import { Execution, type ExecutionOptions } from '../../src/run/index.ts';
import { programOf } from './support/execute.ts';

const SLEEPER = `DAX sleeper
device d = fsdax(size=16M, fs=xfs)
process P {
  f = open(d, "a", create, size=4K)
  m = mmap(f, length=4K, prot=rw)
  p = pin(m, 0, 4K, write)
  thread A { ftruncate(f, 0) }
  thread B { unpin(p) }
}`;

function trace(text: string, options: ExecutionOptions = {}): readonly TraceEntry[] {
  const entries: TraceEntry[] = [];
  const execution = new Execution(programOf(text), 'refcount', {
    ...options,
    onStep: (entry) => entries.push(entry),
  });
  execution.advance(Number.POSITIVE_INFINITY);
  expect(execution.result().error).toBeUndefined();
  return entries;
}

describe('what a step read', () => {
  // One mapping and one pin: 1025; the truncate unmaps, finds 1024 and sleeps; the unpin leaves 0, which it finds then.
  it('is told of the step that decided whether to sleep', () => {
    const found: unknown[] = [];
    for (const { thread, reads = {}, changes } of trace(SLEEPER)) {
      if (thread === 'P.A' && 'd[0].refcount' in reads) found.push(reads['d[0].refcount']);
      if ('P.A.waits_for' in changes) found.push(changes['P.A.waits_for']?.[1]);
    }
    const asleep = found.indexOf('d[0]');
    expect(found.slice(asleep - 1, asleep + 6)).toEqual([1024, 'd[0]', 1024, 'none', 'd[0]', 0, 'none']);
  });

  it('is told of no step that changed anything, and of one word only', () => {
    for (const { reads = {}, changes } of trace(SLEEPER)) {
      const words = Object.keys(reads).length;
      expect(words).toBeLessThanOrEqual(Object.keys(changes).length === 0 ? 1 : 0);
    }
  });

  it('is what stands there at that moment, in every interleaving', () => {
    for (let seed = 0; seed < 20; seed++) {
      const words = new Map<string, unknown>();
      for (const { reads = {}, changes } of trace(SLEEPER, { seed })) {
        for (const [word, value] of Object.entries(reads)) {
          if (words.has(word)) expect(value, `seed ${seed}: ${word}`).toBe(words.get(word));
        }
        for (const [word, [, after]] of Object.entries(changes)) words.set(word, after);
      }
    }
  });

  it('leaves no mark: who looks ahead is not noticed, and the execution is the same', () => {
    const text = `DAX gone
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, length=8K, prot=rw)
  p = pin(m, 0, 8K, write)
  thread A { unbind(d) }
  thread B { unpin(p) store(m, 0, 1) }
}`;
    for (let seed = 0; seed < 20; seed++) {
      const results = [{ seed }, { seed, onStep: () => {} }].map((options) => {
        const execution = new Execution(programOf(text), 'refcount', options);
        execution.advance(Number.POSITIVE_INFINITY);
        const { violations, ...result } = execution.result();
        return { ...result, violations: violations.map(({ trace: _, ...violation }) => violation) };
      });
      expect(results[1], `seed ${seed}`).toEqual(results[0]);
    }
  });
});
