import { describe, expect, test } from 'vitest';
import { LEFT_OUT } from './leftOut.ts';
import { dataText, isFileMode, LATEST, type Mode, modesOf, RELEASES, recording } from './recording.ts';
import {
  EARLIER_REFCOUNT_RELEASES,
  fieldKind,
  KNOWN_DIFFERENCES,
  latestFields,
  recordedFields,
} from './releases.ts';
import { readScenario } from './scenario.ts';

/** The file of a device's page is left over from earlier scenarios. */
const isOfDeviceFile = (mode: Mode, field: string): boolean =>
  !isFileMode(mode) && fieldKind(field) === 'pages.mapping';

/** Recorded by the runner, after the program: there is no operation for it. */
const EXITED = 'scenario process exited';

const counted = (texts: readonly string[]): readonly string[] => [...texts].sort();

describe.each(RELEASES)('the recordings of %s', (release) => {
  test.each(modesOf(release))('%s are complete', (mode) => {
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

  test.each(modesOf(release))(
    '%s: every recorded step is repeated by a scenario or left out by name',
    (mode) => {
      for (const { scenario: name, steps, boot } of recording(release, mode)) {
        const scenario = readScenario(name, mode);
        const marks = [...scenario.marks.values()].flat().map(({ op }) => op);
        const recorded = steps.map(({ op }) => op).filter((op) => isFileMode(mode) || op !== EXITED);
        const left = scenario.leftOut.filter((op) => op !== EXITED);
        const named = [...marks, ...left];
        // Of a mapping that the 2 MiB mode refuses the steps behind it were not recorded, nor those after which a machine of
        // its own was lost; the replay skips them too.
        const refused = steps.some(({ op, errno }) => op.startsWith('m = mmap(') && errno === 'EINVAL');
        const isCut = boot === 'own' && recorded.length < named.length;
        if ((mode === 'devdax-2m' && refused) || isCut) {
          expect(
            recorded.filter((op) => !named.includes(op)),
            name,
          ).toEqual([]);
          continue;
        }
        expect(counted(named), name).toEqual(counted(recorded));
      }
    },
  );
});

test('steps are left out only where a reason is given, and every reason is used', () => {
  const names = new Set(
    modesOf(LATEST)
      .flatMap((mode) => recording(LATEST, mode).map(({ scenario }) => [mode, scenario] as const))
      .filter(([mode, scenario]) => readScenario(scenario, mode).leftOut.length > 0)
      .map(([, scenario]) => scenario),
  );
  expect([...names].sort()).toEqual(Object.keys(LEFT_OUT).sort());
});

test('a byte counts as left by an earlier scenario only where none ran in that boot or wrote it before', () => {
  for (const mode of modesOf(LATEST)) {
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
    for (const mode of modesOf(release)) {
      for (const { scenario, steps } of recording(release, mode)) {
        const { leftOut, marks } = readScenario(scenario, mode);
        const torn = [...marks.values()].flat().filter(({ isTorn }) => isTorn);
        steps.forEach((step, position) => {
          if (leftOut.includes(step.op)) return;
          const latest = latestFields(mode, scenario, position);
          for (const [field, value] of recordedFields(step, release)) {
            const isTorn = field.startsWith('pages') && torn.some(({ op }) => op === step.op);
            if (value === latest?.get(field) || isTorn || isOfDeviceFile(mode, field)) continue;
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
