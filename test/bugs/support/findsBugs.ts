import { describe, expect, it } from 'vitest';
import { type Bug, breaks, bugs, cleanKernel, findBug, kernelWith } from '../../../src/bugs/index.ts';
import type { Scheme } from '../../../src/litmus/index.ts';
import type { TestResult } from '../../../src/litmus/output/index.ts';
import { parseReplay, run } from '../../../src/run/index.ts';

/** Bugs that need files, and those that show on device-DAX. */
export type BugKind = 'files' | 'devices';

/** Without reductions these take too long here; `daxlab bugs --no-reduction`, in the benchmarks, goes through them. */
const LONG: readonly string[] = [
  'deleted-entry-wakes-one-waiter',
  'huge-entry-not-looked-at-again',
  'table-freed-under-a-walker',
];

/** A test process goes through every so many bugs of a kind, from one of them on. */
export interface Share {
  readonly first: number;
  readonly every: number;
}

function searches(
  kind: BugKind,
  { first, every }: Share,
): (readonly [name: string, scheme: Scheme, bug: Bug])[] {
  return bugs
    .filter(({ program }) => (kind === 'files') === program.devices.some((device) => device.kind === 'fsdax'))
    .filter((_bug, position) => position % every === first)
    .flatMap((bug) => bug.schemes.map((scheme) => [bug.name, scheme, bug] as const));
}

function repeat({ bug, scheme, withBug }: ReturnType<typeof findBug>, isWithBug: boolean): TestResult {
  const replay = parseReplay(withBug.replay ?? '');
  if ('error' in replay) throw new Error(replay.error);
  return run(bug.program, scheme, { ...(isWithBug ? kernelWith(bug) : cleanKernel), replay });
}

/**
 * Declares the tests that each bug is found with its change, and nothing without: with the checker's reductions, and without
 * them, but for the longest.
 */
export function testsOfBugs(kind: BugKind, share: Share = { first: 0, every: 1 }): void {
  describe(`every execution, with and without reductions, of bugs of ${kind}`, () => {
    it.each(searches(kind, share))(
      '%s is found under %s, and nothing is found without it',
      (...[, scheme, bug]) => {
        for (const movers of LONG.includes(bug.name) ? [true] : [true, false]) {
          const found = findBug(bug, scheme, { movers });
          expect(breaks(found.withBug, bug.breaks)).toBe(true);
          expect(found.without).toMatchObject({ verdict: 'ok', stats: { complete: true } });
          expect(breaks(repeat(found, true), bug.breaks)).toBe(true);
          expect(repeat(found, false).verdict).not.toBe('violated');
        }
      },
    );
  });
}
