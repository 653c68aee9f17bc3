import { describe, expect, it } from 'vitest';
import { format, LIMITS, loadTest } from '../../../src/litmus/index.ts';
import { EXAMPLE } from '../support/contractExample.ts';
import { errorsOf, testWith } from '../support/inspect.ts';

function milliseconds(work: () => unknown): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

describe('the time that reading takes', () => {
  it('is below 20 ms for a small test', () => {
    const best = Math.min(...Array.from({ length: 5 }, () => milliseconds(() => loadTest(EXAMPLE, 't'))));
    expect(best).toBeLessThan(20);
  });

  it('stays in proportion for the largest tests', () => {
    const lines = Array.from(
      { length: LIMITS.statements - 1 },
      (_, index) => `r${index} = load(m, ${index}) # ${index}`,
    );
    const source = testWith(`m = mmap(d, 0, 8K, rw)\n${lines.join('\n')}`);
    expect(errorsOf(source)).toEqual([]);
    expect(milliseconds(() => loadTest(source, 't'))).toBeLessThan(2_000);
    expect(milliseconds(() => format(source))).toBeLessThan(2_000);
  });

  it('stays in proportion when nothing is right', () => {
    const wrong = testWith('x1234567 = laod(m1234567, idel)\n'.repeat(LIMITS.statements));
    expect(milliseconds(() => loadTest(wrong, 't'))).toBeLessThan(2_000);
  });
});
