import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MeasuredEnd, partsMet } from '../../explorer/src/check/measuredEnd.ts';
import { nearestEnd, questionOf } from '../../explorer/src/check/nearestEnd.ts';
import { check } from '../../src/check/index.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import { programOf, SCHEMES } from './support/runs.ts';

const FILE = 'litmus/devdax/concurrent/pin-outlives-munmap.litmus';
const text = readFileSync(FILE, 'utf8');
const program = programOf(text, FILE);
const ends = Object.fromEntries(
  SCHEMES.map((scheme) => [scheme, check(program, scheme, { allOutcomes: true }).outcomes ?? []]),
);

function nearestTo(condition: string, scheme: Scheme): MeasuredEnd {
  const question = questionOf(text, FILE, condition);
  if ('error' in question) throw new Error(question.error);
  const end = nearestEnd(
    question,
    scheme,
    (ends[scheme] ?? []).map(({ replay }) => replay),
  );
  if (end === null) throw new Error('there is no end');
  return end;
}

describe('the end that is nearest to a condition', () => {
  it.each(SCHEMES)('has as many parts as can hold, and says what the others come to: %s', (scheme) => {
    const { conjuncts } = nearestTo('p == EFAULT && d[0].refcount == 7', scheme);
    expect(conjuncts).toEqual([
      { text: 'p == EFAULT', holds: true, values: {} },
      { text: 'd[0].refcount == 7', holds: false, values: { 'd[0].refcount': 1 } },
    ]);
  });

  it.each(SCHEMES)('is one that has all parts, where there is one: %s', (scheme) => {
    for (const condition of [
      'p == EFAULT',
      'p == 1 && d[0].pincount == 0',
      '(p == 1 && (d[0].refcount == idle))',
    ]) {
      const end = nearestTo(condition, scheme);
      expect(partsMet(end), condition).toBe(end.conjuncts.length);
    }
  });

  it.each(SCHEMES)('is, of ends that are as near, the one with the fewest steps: %s', (scheme) => {
    const lengths = (ends[scheme] ?? []).map(({ replay }) =>
      [...replay.matchAll(/x(\d+)/g)].reduce((sum, [, steps]) => sum + Number(steps), 0),
    );
    expect(new Set(lengths).size).toBeGreaterThan(1);
    const { steps } = nearestTo('d[0].refcount == 7', scheme);
    expect(steps).toBe(Math.min(...lengths));
  });

  it('leaves whole what does not have to hold together', () => {
    const { conjuncts } = nearestTo('p == 1 || p == EFAULT && d[0].refcount == 7', 'refcount');
    expect(conjuncts.map(({ text }) => text)).toEqual(['p == 1 || p == EFAULT && d[0].refcount == 7']);
  });

  it('is nowhere where no end was found', () => {
    const question = questionOf(text, FILE, 'p == 1');
    expect('error' in question ? question : nearestEnd(question, 'devmap', [])).toBeNull();
  });
});

describe('a condition that is none', () => {
  it.each([
    ['', /write a condition/],
    ['   ', /write a condition/],
    ['nobody == 1', /nobody/],
    ['p =', /==/],
    ['d[9999999].refcount == 1', /9999999/],
    ['p == 1 exists p == 2', /one condition/],
    ['p == 1 # so it is', null],
  ])('is answered with the reason: %s', (condition, reason) => {
    const question = questionOf(text, FILE, condition);
    if (reason === null) expect(question).toHaveProperty('program');
    else expect(question).toEqual({ error: expect.stringMatching(reason) });
  });
});
