import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/bench/random/kinds.ts';
import { randomTest } from '../../src/bench/random/randomTest.ts';
import { programOf } from '../run/support/execute.ts';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

describe('random tests', () => {
  it.each(KINDS)('of the kind %s are tests that the language knows', (kind) => {
    for (const seed of SEEDS) expect(programOf(randomTest('x', kind, seed)).processes[0]?.name).toBe('P');
  });

  it.each(KINDS)('of the kind %s are the same for the same seed, and others for others', (kind) => {
    const texts = SEEDS.map((seed) => randomTest('x', kind, seed));
    expect(SEEDS.map((seed) => randomTest('x', kind, seed))).toEqual(texts);
    expect(new Set(texts).size).toBe(SEEDS.length);
  });

  it.each([
    'mremap',
    'fork C',
    'pin(',
    'vmsplice(',
    'io_submit(',
    'madvise(',
    'reflink(',
    'fallocate(',
    'ftruncate(',
    'peek(P, ',
  ])('use %s', (what) => {
    const texts = KINDS.flatMap((kind) => SEEDS.map((seed) => randomTest('x', kind, seed)));
    expect(texts.some((text) => text.includes(what))).toBe(true);
  });
});
