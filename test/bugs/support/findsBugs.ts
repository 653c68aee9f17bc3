import { describe, expect, it } from 'vitest';
import { type Bug, breaks, bugs, cleanKernel, findBug, kernelWith } from '../../../src/bugs/index.ts';
import type { Scheme } from '../../../src/litmus/index.ts';
import type { TestResult } from '../../../src/litmus/output/index.ts';
import { parseReplay, run } from '../../../src/run/index.ts';

/** Bugs that need files, and those that show on device-DAX: each kind is searched in a process of its own. */
export type BugKind = 'files' | 'devices';

function searches(kind: BugKind): (readonly [name: string, scheme: Scheme, bug: Bug])[] {
  return bugs
    .filter(({ program }) => (kind === 'files') === program.devices.some((device) => device.kind === 'fsdax'))
    .flatMap((bug) => bug.schemes.map((scheme) => [bug.name, scheme, bug] as const));
}

function repeat({ bug, scheme, withBug }: ReturnType<typeof findBug>, isWithBug: boolean): TestResult {
  const replay = parseReplay(withBug.replay ?? '');
  if ('error' in replay) throw new Error(replay.error);
  return run(bug.program, scheme, { ...(isWithBug ? kernelWith(bug) : cleanKernel), replay });
}

/** Declares the tests that each bug is found with its change, and nothing without. */
export function testsOfBugs(kind: BugKind, movers: boolean): void {
  describe(`every execution, ${movers ? 'with' : 'without'} reductions, of bugs of ${kind}`, () => {
    it.each(searches(kind))('%s is found under %s, and nothing is found without it', (_name, scheme, bug) => {
      const found = findBug(bug, scheme, { movers });
      expect(breaks(found.withBug, bug.breaks)).toBe(true);
      expect(found.without).toMatchObject({ verdict: 'ok', stats: { complete: true } });
      expect(breaks(repeat(found, true), bug.breaks)).toBe(true);
      expect(repeat(found, false).verdict).not.toBe('violated');
    });
  });
}
