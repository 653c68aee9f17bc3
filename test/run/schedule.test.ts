import { describe, expect, it } from 'vitest';
import { formatReplay, parseReplay } from '../../src/run/index.ts';
import { Random } from '../../src/run/schedule/random.ts';
import { Turns } from '../../src/run/schedule/turns.ts';

describe('a replay string', () => {
  it('says version, scheme, and whose steps follow each other', () => {
    const runs = [
      { thread: 0, steps: 12 },
      { thread: 1, steps: 3 },
      { thread: 0, steps: 1 },
    ];
    expect(formatReplay({ scheme: 'refcount', runs, seed: null })).toBe('1r-0x12-1x3-0');
    expect(parseReplay('1r-0x12-1x3-0')).toEqual({ scheme: 'refcount', runs, seed: null });
  });

  it('is only version and scheme when threads take turns from the start', () => {
    expect(parseReplay('1d')).toEqual({ scheme: 'devmap', runs: [], seed: null });
  });

  it('may hand over to a seed', () => {
    expect(parseReplay('1d-2x5-s42')).toEqual({
      scheme: 'devmap',
      runs: [{ thread: 2, steps: 5 }],
      seed: 42,
    });
    expect(formatReplay({ scheme: 'devmap', runs: [], seed: 7 })).toBe('1d-s7');
  });

  it.each([
    ['', /expected it to begin with '1d' or '1r'/],
    ['2r-0', /expected it to begin with '1d' or '1r'/],
    ['1x-0', /'1x' names no scheme/],
    ['1r-0x0', /expected THREAD or THREADxSTEPS, found '0x0'/],
    ['1r-a', /found 'a'/],
    ['1r-s1-0', /found 's1'/],
    ['1r-', /found ''/],
    ['1r-0x99999999999999999', /found '0x9+'/],
  ])('is refused with a reason: %j', (text, reason) => {
    const parsed = parseReplay(text);
    expect('error' in parsed ? parsed.error : 'no error').toMatch(reason);
  });
});

describe('turns', () => {
  it('go round in order, an operation each', () => {
    const turns = new Turns();
    const order: number[] = [];
    for (let count = 0; count < 5; count++) {
      const thread = turns.choose([0, 2, 5]);
      order.push(thread);
      turns.stepped(thread, true);
    }
    expect(order).toEqual([0, 2, 5, 0, 2]);
  });

  it('stay with a thread up to the end of its operation', () => {
    const turns = new Turns();
    turns.stepped(turns.choose([0, 1]), false);
    expect(turns.choose([0, 1])).toBe(0);
  });

  it('go on to the next thread when one is blocked', () => {
    const turns = new Turns();
    turns.stepped(turns.choose([0, 1]), false);
    turns.blocked();
    expect(turns.choose([1])).toBe(1);
  });
});

describe('seeded choices', () => {
  function choices(seed: number, count: number, limit: number): number[] {
    const random = new Random(seed);
    return Array.from({ length: count }, () => random.below(limit));
  }

  it('are the same for the same seed and differ between seeds', () => {
    expect(choices(1, 50, 4)).toEqual(choices(1, 50, 4));
    expect(choices(1, 50, 4)).not.toEqual(choices(2, 50, 4));
  });

  it('take every value of the range, whatever the seed', () => {
    for (const seed of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      expect(new Set(choices(seed, 200, 3))).toEqual(new Set([0, 1, 2]));
    }
  });
});
