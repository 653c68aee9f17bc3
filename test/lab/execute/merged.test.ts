import { describe, expect, it } from 'vitest';
import { merged } from '../../../src/lab/execute/merged.ts';

/** Yields numbers when it is let; tells of its end. */
async function* numbers(
  from: number,
  count: number,
  ended: number[],
  failure?: Error,
): AsyncGenerator<number, void> {
  try {
    for (let number = from; number < from + count; number++) {
      await new Promise((resolve) => setImmediate(resolve));
      yield number;
    }
    if (failure !== undefined) throw failure;
  } finally {
    ended.push(from);
  }
}

describe('generators that are merged', () => {
  it('yield all that each yields, in its order', async () => {
    const seen: number[] = [];
    const ended: number[] = [];
    for await (const number of merged([numbers(0, 3, ended), numbers(10, 5, ended)])) seen.push(number);
    expect(seen.filter((number) => number < 10)).toEqual([0, 1, 2]);
    expect(seen.filter((number) => number >= 10)).toEqual([10, 11, 12, 13, 14]);
    expect(seen.indexOf(10)).toBeLessThan(seen.indexOf(2));
    expect(ended.sort()).toEqual([0, 10]);
  });

  it('are all ended when one of them fails, or nobody wants more', async () => {
    const ended: number[] = [];
    const all = merged([numbers(0, 1, ended, new Error('no kernel')), numbers(10, 1000, ended)]);
    await expect(
      (async () => {
        for await (const _ of all);
      })(),
    ).rejects.toThrow('no kernel');
    expect(ended.sort()).toEqual([0, 10]);
    for await (const _ of merged([numbers(20, 1000, ended), numbers(30, 1000, ended)])) break;
    expect(ended.sort()).toEqual([0, 10, 20, 30]);
  });
});
