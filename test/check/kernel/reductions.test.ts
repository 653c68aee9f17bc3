import { describe, expect, it } from 'vitest';
import { type CheckOptions, check } from '../../../src/check/index.ts';
import type { Scheme } from '../../../src/litmus/index.ts';
import type { TestResult } from '../../../src/litmus/output/index.ts';
import { programOf } from '../../run/support/execute.ts';
import { concurrentTests } from './tests.ts';

const schemes: readonly Scheme[] = ['devmap', 'refcount'];

/** What must not depend on how the search is reduced. */
function essence({ verdict, conditions, violations, outcomes = [] }: TestResult): object {
  return {
    verdict,
    conditions,
    violations: violations.map(({ property }) => property).sort(),
    outcomes: outcomes.map(({ registers, pages }) => JSON.stringify([registers, pages])).sort(),
  };
}

describe.each(schemes)('under %s', (scheme) => {
  it.each(Object.entries(concurrentTests))('reductions keep all that is found: %s', (_name, text) => {
    const program = programOf(text);
    const search = (options: CheckOptions): TestResult =>
      check(program, scheme, { allOutcomes: true, ...options });
    const plain = search({ movers: false });
    const reduced = [
      search({}),
      search({ movers: false, loneGroups: true }),
      search({ movers: true, loneGroups: true }),
    ];
    expect(plain.stats.complete).toBe(true);
    for (const result of reduced) expect(essence(result)).toEqual(essence(plain));
    expect(reduced[0]?.stats.states).toBeLessThan(plain.stats.states / 2);
  });
});
