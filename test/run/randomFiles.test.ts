import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Execution, run } from '../../src/run/index.ts';
import { takeCensus } from '../../src/run/observe/census.ts';
import { ENTRIES, GETS, PINS, TRANSLATIONS } from '../../src/run/observe/unitWords.ts';
import { stateViolations } from '../../src/run/properties/stateViolations.ts';
import { programOf } from './support/execute.ts';

/** What the threads of a random test do to two files of two pages. */
const operations: readonly string[] = [
  'store(m, 0, 1)',
  'store(m, 4K, 2)',
  'store(n, 0, 3)',
  'r = load(m, 0)',
  'r = load(n, 4K)',
  'r = read(f, 0)',
  'write(f, 4K, 4)',
  'write(g, 0, 5)',
  'munmap(n)',
  'n = mmap(g, 0, 8K, rw)',
  'n = mmap(f, 4K, 4K, r)',
  'n = mmap(f, 0, 8K, rw, private)',
  'madvise(m, DONTNEED)',
  'madvise(n, POPULATE_WRITE)',
  'mprotect(m, r)',
  'mprotect(m, rw)',
  'mremap(n, 12K)',
  'p = pin(m, 0, 4K, read)',
  'unpin(p)',
  'h = get(n, 0, 4K)',
  'put(h)',
  'v = vmsplice(m, 0, 8K)',
  'close_pipe(v)',
  'fsync(f)',
  'msync(m)',
  's = smaps_rss(m)',
  'c = pagemap(m, 0)',
];

/** What may wait for pins, and so comes when all are given back whose registers still know them. */
const cutting: readonly string[] = [
  'madvise(m, REMOVE, 0, 4K)',
  'ftruncate(f, 0)',
  'ftruncate(f, 4K)',
  'ftruncate(f, 8K)',
  'punch(f, 0, 4K)',
  'punch(g, 4K, 4K)',
  'fallocate(f, zero, 0, 8K)',
  'fallocate(f, allocate, 0, 8K)',
  'fallocate(f, collapse, 0, 4K)',
  'fallocate(f, insert, 0, 4K)',
  'unlink(d, "g")',
  'close(g) g = open(d, "g", create, size=8K)',
];

/** Sets every register that those use. */
const start = [
  'f = open(d, "f", create, size=8K)',
  'g = open(d, "g", create, size=8K)',
  'm = mmap(f, 0, 8K, rw)',
  'n = mmap(g, 0, 8K, rw)',
  'p = pin(m, 0, 4K, read) unpin(p)',
  'h = get(m, 0, 4K) put(h)',
  'v = vmsplice(m, 0, 4K) close_pipe(v)',
];

const held = ['unpin(p)', 'put(h)', 'close_pipe(v)'];

const body = fc.array(fc.constantFrom(...operations), { minLength: 1, maxLength: 5 });
const cuts = fc.array(fc.constantFrom(...cutting), { minLength: 1, maxLength: 2 });

/** Two threads beside each other, what may wait when they are done, and the same once more. */
const randomTest = fc
  .record({ a: body, b: body, cut: cuts, after: body, xfs: fc.boolean(), large: fc.boolean() })
  .map(({ a, b, cut, after, xfs, large }) => {
    const lines = (statements: readonly string[]): string => {
      const text = statements.join('\n');
      return large ? text.replaceAll('12K', '6M').replaceAll('8K', '4M').replaceAll('4K', '2M') : text;
    };
    return `DAX random
      device d = fsdax(size=${large ? '32M' : '256K'}, fs=${xfs ? 'xfs' : 'ext4'})
      process P {
        ${lines(start)}
        thread A { ${lines(a)} }
        thread B { ${lines(b)} }
        ${lines(held)} ${lines(cut)} ${lines(after)}
      }`;
  });

const scheme = fc.constantFrom('devmap' as const, 'refcount' as const);
const seed = fc.integer({ min: 0, max: 1_000_000 });

/** What Linux itself breaks there: see the tests of the library. */
const KNOWN: readonly string[] = ['lost-dirty'];

describe('random tests of files', () => {
  test.prop([randomTest, scheme], { numRuns: 10 })(
    'come out alike in the plain and in the generator form',
    (text, which) => {
      const program = programOf(text);
      expect(run(program, which, { generators: true })).toEqual(run(program, which));
    },
  );

  test.prop([randomTest, scheme, seed], { numRuns: 20 })(
    'break no property, whatever the schedule, and a look at each quiescent state agrees',
    (text, which, chosen) => {
      const execution = new Execution(programOf(text), which, { seed: chosen });
      const { memory, observer, stepper } = execution.parts;
      while (!execution.advance(1)) {
        if (!stepper.isQuiescent) continue;
        expect(stateViolations(memory, observer.layout, which, 'quiescent')).toEqual([]);
        observer.holders.settle();
        const census = takeCensus(memory, observer.layout);
        for (let unit = 0; unit < 4; unit++) {
          const { entries, translations, gets, pins, order } = observer.folios.read(unit);
          if (order > 0) continue;
          expect([entries, translations, gets, pins]).toEqual(
            [ENTRIES, TRANSLATIONS, GETS, PINS].map((word) => census.get(unit, word)),
          );
        }
      }
      const { violations } = execution.result();
      // A pin whose register was overwritten stays: who waits for it waits for ever.
      if (violations.some(({ property }) => property === 'hang')) return;
      expect(violations.filter(({ property }) => !KNOWN.includes(property))).toEqual([]);
      expect(stateViolations(memory, observer.layout, which, 'end')).toEqual([]);
    },
  );
});
