import { describe, expect, test } from 'vitest';
import { LEFT_OUT } from './leftOut.ts';
import { dataText, LATEST, MODES, RELEASES, recording } from './recording.ts';
import {
  EARLIER_REFCOUNT_RELEASES,
  fieldKind,
  KNOWN_DIFFERENCES,
  latestFields,
  recordedFields,
} from './releases.ts';
import { readScenario } from './scenario.ts';

/** Recorded by the runner, after the program: there is no operation for it. */
const EXITED = 'scenario process exited';

const counted = (texts: readonly string[]): readonly string[] => [...texts].sort();

describe.each(RELEASES)('the recordings of %s', (release) => {
  test.each(MODES)('%s are complete', (mode) => {
    const scenarios = recording(release, mode);
    const manifest = JSON.parse(dataText('manifest.json')) as Record<
      string,
      { scenarios: number; steps: number }
    >;
    expect({
      scenarios: scenarios.length,
      steps: scenarios.reduce((sum, { steps }) => sum + steps.length, 0),
    }).toEqual({
      scenarios: manifest[`${release}/${mode}.json`]?.scenarios,
      steps: manifest[`${release}/${mode}.json`]?.steps,
    });
    expect(new Set(scenarios.map(({ scenario }) => scenario)).size).toBe(scenarios.length);
  });

  test.each(MODES)('%s: every recorded step is repeated by a scenario or left out by name', (mode) => {
    for (const { scenario: name, steps } of recording(release, mode)) {
      const scenario = readScenario(name, mode);
      const marks = [...scenario.marks.values()].flat().map(({ op }) => op);
      const recorded = steps.map(({ op }) => op).filter((op) => op !== EXITED);
      const left = scenario.leftOut.filter((op) => op !== EXITED);
      const named = [...marks, ...left];
      // Of a mapping that the 2 MiB mode refuses the steps behind it were not recorded; the replay skips them too.
      const refused = steps.some(({ op, errno }) => op.startsWith('m = mmap(') && errno === 'EINVAL');
      if (mode === 'devdax-2m' && refused) {
        expect(
          recorded.filter((op) => !named.includes(op)),
          name,
        ).toEqual([]);
        continue;
      }
      expect(counted(named), name).toEqual(counted(recorded));
    }
  });
});

test('steps are left out only where a reason is given, and every reason is used', () => {
  const names = new Set(
    MODES.flatMap((mode) => recording(LATEST, mode).map(({ scenario }) => [mode, scenario] as const))
      .filter(([mode, scenario]) => readScenario(scenario, mode).leftOut.length > 0)
      .map(([, scenario]) => scenario),
  );
  expect([...names].sort()).toEqual(Object.keys(LEFT_OUT).sort());
});

test('a byte counts as left by an earlier scenario only where none ran in that boot or wrote it before', () => {
  for (const mode of MODES) {
    for (const { scenario: name, boot } of recording(LATEST, mode)) {
      const { text, marks } = readScenario(name, mode);
      const lines = text.split('\n');
      for (const [line, stepMarks] of marks) {
        if (!stepMarks.some(({ rule }) => rule.kind === 'leftover')) continue;
        const offset = /load\(\w+, ([^)]*)\)/.exec(lines[line - 1] ?? '')?.[1];
        const written = lines.slice(0, line - 1).map((code) => /store\(\w+, ([^,]*),/.exec(code)?.[1]);
        expect(boot, name).toBe('shared');
        expect(offset, name).toBeDefined();
        expect(written, name).not.toContain(offset);
      }
    }
  }
});

test('the releases with reference counts differ from each other only as the table says', () => {
  const found = new Map<string, number>();
  for (const release of EARLIER_REFCOUNT_RELEASES) {
    for (const mode of MODES) {
      for (const { scenario, steps } of recording(release, mode)) {
        const { leftOut } = readScenario(scenario, mode);
        steps.forEach((step, position) => {
          if (leftOut.includes(step.op)) return;
          const latest = latestFields(mode, scenario, position);
          for (const [field, value] of recordedFields(step, release)) {
            if (value === latest?.get(field) || fieldKind(field) === 'pages.mapping') continue;
            const key = `${release} ${mode} ${fieldKind(field)}`;
            found.set(key, (found.get(key) ?? 0) + 1);
          }
        });
      }
    }
  }
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(
      KNOWN_DIFFERENCES.map(({ release, mode, field, places }) => [`${release} ${mode} ${field}`, places]),
    ),
  );
});
