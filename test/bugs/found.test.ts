import { describe, expect, it } from 'vitest';
import { type Bug, breaks, bugs, cleanKernel, findBug, kernelWith } from '../../src/bugs/index.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import type { TestResult } from '../../src/litmus/output/index.ts';
import { parseReplay, run } from '../../src/run/index.ts';

function searches(): (readonly [name: string, scheme: Scheme, bug: Bug])[] {
  return bugs.flatMap((bug) => bug.schemes.map((scheme) => [bug.name, scheme, bug] as const));
}

function repeat({ bug, scheme, withBug }: ReturnType<typeof findBug>, isWithBug: boolean): TestResult {
  const replay = parseReplay(withBug.replay ?? '');
  if ('error' in replay) throw new Error(replay.error);
  return run(bug.program, scheme, { ...(isWithBug ? kernelWith(bug) : cleanKernel), replay });
}

describe.each([
  ['with reductions', true],
  ['without reductions', false],
] as const)('every execution, %s', (_how, movers) => {
  it.each(searches())('%s is found under %s, and nothing is found without it', (_name, scheme, bug) => {
    const found = findBug(bug, scheme, { movers });
    expect(breaks(found.withBug, bug.breaks)).toBe(true);
    expect(found.without).toMatchObject({ verdict: 'ok', stats: { complete: true } });
    expect(breaks(repeat(found, true), bug.breaks)).toBe(true);
    expect(repeat(found, false).verdict).not.toBe('violated');
  });
});
