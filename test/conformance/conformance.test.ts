import { describe, expect, test } from 'vitest';
import type { Comparison } from './compareStep.ts';
import { LATEST, MODES, type Mode, RELEASES, type Release, recording } from './recording.ts';
import { EARLIER_REFCOUNT_RELEASES, latestFields } from './releases.ts';
import { replay, schemeOf } from './replay.ts';
import { readScenario } from './scenario.ts';

/** Whether a value is one in which the release is known to differ from the latest, which the model follows. */
function isOfRelease(
  { field, recorded, model }: Comparison,
  release: Release,
  latest: ReadonlyMap<string, unknown> | undefined,
): boolean {
  return (
    EARLIER_REFCOUNT_RELEASES.some((earlier) => earlier === release) &&
    latest?.get(field) === model &&
    recorded !== model
  );
}

/** `read m[0]: pages[0].refcount is 3, recorded 2`, for every value that differs. */
function differences(release: Release, mode: Mode, name: string): { compared: number; different: string[] } {
  const recorded = recording(release, mode).find(({ scenario }) => scenario === name);
  if (recorded === undefined) throw new Error(`${name} was not recorded`);
  let compared = 0;
  const different: string[] = [];
  for (const { position, op, comparisons } of replay(readScenario(name, mode), recorded, release)) {
    compared += comparisons.length;
    const latest = latestFields(mode, name, position);
    for (const comparison of comparisons) {
      if (comparison.recorded === comparison.model || isOfRelease(comparison, release, latest)) continue;
      const { field, recorded: expected, model } = comparison;
      different.push(`${op}: ${field} is ${String(model)}, recorded ${String(expected)}`);
    }
  }
  return { compared, different };
}

describe.each(RELEASES)('%s', (release) => {
  describe.each(MODES)(`on the model (${schemeOf(release)}), %s`, (mode) => {
    test.each(recording(release, mode).map(({ scenario }) => scenario))('%s', (name) => {
      const { compared, different } = differences(release, mode, name);
      expect(different).toEqual([]);
      expect(compared).toBeGreaterThan(0);
    });
  });
});

test('the latest release is one of those recorded', () => {
  expect(RELEASES.at(-1)).toBe(LATEST);
});
