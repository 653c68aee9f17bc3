import { describe, expect, it } from 'vitest';
import {
  type Bug,
  breaks,
  bugs,
  cleanKernel,
  findBug,
  kernelWith,
  preemptions,
} from '../../src/bugs/index.ts';
import type { Scheme } from '../../src/litmus/index.ts';
import { parseReplay, run } from '../../src/run/index.ts';

function searches(): (readonly [name: string, scheme: Scheme, bug: Bug])[] {
  return bugs.flatMap((bug) => bug.schemes.map((scheme) => [bug.name, scheme, bug] as const));
}

describe('bugs', () => {
  it.each(searches())('%s is found under %s, and nothing is found without it', (_name, scheme, bug) => {
    const { found, dirty } = findBug(bug, scheme, preemptions);
    expect(dirty?.violations ?? null).toBeNull();
    expect(found).not.toBeNull();
    if (found === null) return;

    const replay = parseReplay(found.replay ?? '');
    if ('error' in replay) throw new Error(replay.error);
    const again = run(bug.program, scheme, { ...kernelWith(bug), replay });
    expect(breaks(again, bug.breaks)).toBe(true);
    expect(again.violations).toEqual(found.violations);

    const without = run(bug.program, scheme, { ...cleanKernel, replay });
    expect(without.verdict).not.toBe('violated');
  });
});
