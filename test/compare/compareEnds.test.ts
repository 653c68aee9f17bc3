import { describe, expect, it } from 'vitest';
import { compareEnds, registersText } from '../../src/compare/index.ts';
import type { Outcome, TestResult } from '../../src/litmus/output/index.ts';

function end(registers: Record<string, number | null>, replay: string): Outcome {
  return { registers, pages: {}, replay };
}

function result(outcomes: readonly Outcome[], complete = true): TestResult {
  return {
    file: 't.litmus',
    name: 't',
    scheme: 'refcount',
    source: 'model',
    verdict: complete ? 'ok' : 'incomplete',
    steps: [],
    outcomes,
    conditions: [],
    violations: [],
    stats: { executions: 1, states: 1, transitions: 1, seconds: 0, peakBytes: 0, complete },
  };
}

describe('ends', () => {
  it('of a kernel are impossible where no end of the model has the same registers, in whatever order', () => {
    const model = result([end({ 'P.a': 1, 'P.b': 0 }, '1'), end({ 'P.a': 0, 'P.b': null }, '2')]);
    const kernel = result([
      end({ 'P.b': 0, 'P.a': 1 }, 'iteration 1'),
      end({ 'P.a': 7, 'P.b': 7 }, 'iteration 2'),
    ]);
    const ends = compareEnds(model, kernel);
    expect(ends?.impossible.map(({ replay }) => replay)).toEqual(['iteration 2']);
    expect(ends?.unseen.map(registersText)).toEqual(['P.a = 0, P.b = unset']);
  });

  it('are not compared with a check that does not know all of them', () => {
    const kernel = result([end({ 'P.a': 7 }, 'iteration 1')]);
    expect(compareEnds(result([], false), kernel)).toBeNull();
    const violations = [{ property: 'stale-tlb' as const, message: '', page: null, actors: [], trace: [] }];
    expect(compareEnds({ ...result([]), violations }, kernel)).toBeNull();
    const { outcomes: _, ...withoutOutcomes } = result([]);
    expect(compareEnds(withoutOutcomes, kernel)).toBeNull();
  });
});
