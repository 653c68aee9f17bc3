import { describe, expect, it } from 'vitest';
import { type Exceptions, isExcepted, staleExceptions } from '../../src/cli/kernelCoverage/exceptions.ts';
import { type Goal, goalsOf, keyOf } from '../../src/cli/kernelCoverage/goals.ts';
import { withCoverage } from '../../src/compile/link/coverage.ts';
import { kernelProgram } from '../../src/kernel/link.ts';

/** Goals of a function that is decided in twice, both times on the same. */
function goal(outcome: Goal['outcome'], occurrence = 1): Goal {
  const point = { file: 'mm/a.ts', function: 'f', line: 1, text: outcome === 'entered' ? 'f' : 'x' };
  return {
    point: { ...point, kind: outcome === 'entered' ? 'function' : 'if' },
    number: 0,
    outcome,
    occurrence,
  };
}

function never(...names: string[]): Exceptions {
  return [{ reason: 'why not', never: names }];
}

describe('what a library of tests should see of the kernel', () => {
  it.each(['devmap', 'refcount'] as const)('has a name of its own each, under %s', (scheme) => {
    const { program, coverage } = withCoverage(kernelProgram, scheme);
    const names = goalsOf(coverage.points, program, scheme).map(keyOf);
    expect(names.length).toBeGreaterThan(2000);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('an exception', () => {
  it('is true of one test of those that read the same', () => {
    const second = never('mm/a.ts f: x (2): true');
    expect(isExcepted(second, 'devmap', goal('true', 2))).toBe(true);
    expect(isExcepted(second, 'devmap', goal('true'))).toBe(false);
    expect(staleExceptions(second, 'devmap', [goal('true')])).toEqual(['mm/a.ts f: x (2): true']);
    expect(staleExceptions(second, 'devmap', [goal('true', 2)])).toEqual([]);
  });

  it('is true of all of a function only while nothing enters that', () => {
    const whole = never('mm/a.ts f');
    expect(isExcepted(whole, 'devmap', goal('false'))).toBe(true);
    expect(staleExceptions(whole, 'devmap', [goal('entered'), goal('true')])).toEqual([]);
    expect(staleExceptions(whole, 'devmap', [goal('true')])).toEqual(['mm/a.ts f']);
  });
});
