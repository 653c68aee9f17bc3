import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Execution, run } from '../../src/run/index.ts';
import { stateViolations } from '../../src/run/properties/stateViolations.ts';
import { programOf } from './support/execute.ts';

/** What the threads of a random test do. */
const operations: readonly string[] = [
  'store(m, 0, 1)',
  'store(m, 4K, 2)',
  'r = load(m, 0)',
  'r = load(n, 4K)',
  'store(n, 0, 3)',
  'munmap(n)',
  'munmap(m, 4K, 4K)',
  'n = mmap(d, 0, 8K, rw)',
  'n = mmap(d, 4K, 4K, r)',
  'madvise(m, DONTNEED)',
  'madvise(n, POPULATE_WRITE)',
  'madvise(m, POPULATE_READ, 0, 4K)',
  'mprotect(m, r)',
  'mprotect(m, rw, 0, 4K)',
  'mremap(n, 12K)',
  'mlock(n)',
  'p = pin(m, 0, 8K, write)',
  'p = pin(n, 0, 4K, read)',
  'unpin(p)',
  'g = get(m, 0, 4K)',
  'put(g)',
  'h = vmsplice(m, 0, 8K)',
  'put(h)',
  'u = io_uring_register(m, 0, 8K)',
  'io_uring_unregister(u)',
  'q = io_submit(m, 0, 4K, read)',
  'io_getevents(q)',
  's = smaps_rss(m)',
  'c = pagemap(m, 0)',
  'clear_refs(4)',
  'fork C { store(m, 0, 9) r = load(n, 0) }',
];

/** Sets every register that those use, so that what is released may be released already. */
const start = [
  'm = mmap(d, 0, 8K, rw)',
  'n = mmap(d, 0, 8K, rw)',
  'p = pin(m, 0, 4K, read) unpin(p)',
  'g = get(m, 0, 4K) put(g)',
  'h = vmsplice(m, 0, 4K) put(h)',
  'u = io_uring_register(m, 0, 4K) io_uring_unregister(u)',
  'q = io_submit(m, 0, 4K, read) io_getevents(q)',
];

const body = fc.array(fc.constantFrom(...operations), { minLength: 1, maxLength: 6 });

/** Two threads that share one address space, and a process beside them. */
const randomTest = fc.record({ a: body, b: body, q: body, large: fc.boolean() }).map(({ a, b, q, large }) => {
  let forks = 0;
  const scaled = (text: string): string =>
    large ? text.replaceAll('4K', '2M').replaceAll('8K', '4M').replaceAll('12K', '6M') : text;
  const lines = (statements: readonly string[]): string =>
    statements.map((line) => scaled(line).replace('fork C', () => `fork C${forks++}`)).join('\n');
  const device = large ? 'devdax(size=8M, align=2M)' : 'devdax(size=4M, align=4K)';
  return `DAX random
    device d = ${device}
    process P { ${lines(start)} thread A { ${lines(a)} } thread B { ${lines(b)} } }
    process Q { ${lines(start)} ${lines(q)} }`;
});

const scheme = fc.constantFrom('devmap' as const, 'refcount' as const);
const seed = fc.integer({ min: 0, max: 1_000_000 });

describe('random tests', () => {
  test.prop([randomTest, scheme], { numRuns: 20 })(
    'come out alike in the plain and in the generator form',
    (text, which) => {
      const program = programOf(text);
      expect(run(program, which, { generators: true })).toEqual(run(program, which));
    },
  );

  test.prop([randomTest, scheme, seed], { numRuns: 40 })(
    'break no property, whatever the schedule, and a look at each quiescent state agrees',
    (text, which, chosen) => {
      const execution = new Execution(programOf(text), which, { seed: chosen });
      const { memory, observer, stepper } = execution.parts;
      while (!execution.advance(1)) {
        if (!stepper.isQuiescent) continue;
        expect(stateViolations(memory, observer.layout, which, 'quiescent')).toEqual([]);
      }
      expect(execution.result()).toMatchObject({ verdict: 'ok', violations: [] });
      expect(stateViolations(memory, observer.layout, which, 'end')).toEqual([]);
    },
  );
});
