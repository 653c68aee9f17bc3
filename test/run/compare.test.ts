import { describe, expect, it } from 'vitest';
import { compareResults, isAlike } from '../../src/compare/index.ts';
import { execute, onSmallPages } from './support/execute.ts';

const text = onSmallPages(`process P {
  m = mmap(d, 0, 4K, rw)
  store(m, 0, 1)
  p = pin(m, 0, 4K, write)
  unbind(d)
  unpin(p)
}
finally d.bound == 0
never p == 2`);

describe('two results of one test', () => {
  it('are alike when one is the other', () => {
    expect(isAlike(compareResults(execute(text), execute(text)))).toBe(true);
  });

  it('differ where an operation leaves other counts', () => {
    const { steps, conditions, violations } = compareResults(
      execute(text, 'devmap'),
      execute(text, 'refcount'),
    );
    expect(steps.map(({ position, what }) => [position, what])).toEqual([
      [1, 'pages'],
      [2, 'pages'],
    ]);
    expect(conditions).toEqual([]);
    expect(violations).toEqual([]);
  });

  it('differ where an operation has another result, a condition another outcome, a side a violation', () => {
    const result = execute(text);
    const [first, ...others] = result.steps;
    if (first === undefined) throw new Error('the test has steps');
    const changed = {
      ...result,
      steps: [{ ...first, result: -22, errno: 'EINVAL' }, ...others.slice(0, -1)],
      conditions: result.conditions.map((condition) => ({ ...condition, holds: !condition.holds })),
      violations: [],
    };
    const difference = compareResults(result, changed);
    expect(difference.steps.map(({ position, what }) => [position, what])).toEqual([
      [0, 'result'],
      [4, 'operation'],
    ]);
    expect(difference.conditions.map(({ text: condition }) => condition)).toEqual([
      'finally d.bound == 0',
      'never p == 2',
    ]);
    expect(difference.violations).toEqual([{ text: 'memmap-after-teardown d[0]', left: true, right: false }]);
  });
});
