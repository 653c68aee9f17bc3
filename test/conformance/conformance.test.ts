import { describe, expect, test } from 'vitest';
import { EXCEPTIONS } from './exceptions.ts';
import { judge, judgeAll, judgementOf } from './judge.ts';
import {
  DEVICE_MODES,
  modesOf,
  RELEASES,
  type RecordedScenario,
  type RecordedStep,
  recording,
} from './recording.ts';
import { schemeOf } from './replay.ts';
import { conformanceReport } from './report.ts';

describe.each(RELEASES)('%s', (release) => {
  describe.each(modesOf(release))(`on the model (${schemeOf(release)}), %s`, (mode) => {
    test.each(recording(release, mode).map((recorded) => [recorded.scenario, recorded] as const))(
      '%s',
      (_, recorded) => {
        const judgement = judgementOf(release, mode, recorded);
        const { differences, comparedSteps, leftOut, recordedSteps, values } = judgement;
        expect(differences).toEqual([]);
        expect(comparedSteps).toBeGreaterThan(0);
        expect(comparedSteps + leftOut.length).toBe(recordedSteps);
        expect(values).toBeGreaterThan(comparedSteps);
      },
    );
  });
});

describe.each(['6.12.95', '7.3.4'] as const)(
  '%s, with the kernel suspended before every access',
  (release) => {
    test.each(DEVICE_MODES)('%s', (mode) => {
      const differences = recording(release, mode).flatMap((recorded) =>
        judge(release, mode, recorded, { generators: true }).differences.map((difference) => [
          recorded.scenario,
          difference,
        ]),
      );
      expect(differences).toEqual([]);
    });
  },
);

test('every exception is still needed', () => {
  const used = RELEASES.flatMap((release) =>
    modesOf(release).flatMap((mode) => judgeAll(release, mode).flatMap(({ excepted }) => excepted)),
  );
  expect(new Set(used)).toEqual(new Set(EXCEPTIONS));
});

test('docs/conformance.md says what is compared and what is not', async () => {
  await expect(conformanceReport()).toMatchFileSnapshot('../../docs/conformance.md');
});

describe('a recording in which one value was changed is noticed', () => {
  const recorded = recording('7.3.4', 'devdax-2m').find(({ scenario }) => scenario === 'sub-vmsplice-tail');

  /** The scenario with step 2, the first vmsplice of a tail page, changed. */
  function changed(change: (step: RecordedStep) => object): RecordedScenario {
    if (recorded === undefined) throw new Error('the scenario was not recorded');
    const steps = recorded.steps.map((step, at) => (at === 2 ? { ...step, ...change(step) } : step));
    return { ...recorded, steps };
  }

  const replaced = (values: readonly object[] | undefined, change: object): object[] =>
    (values ?? []).map((value, at) => (at === 0 ? { ...value, ...change } : value));

  const changes: readonly (readonly [name: string, field: string, change: (step: RecordedStep) => object])[] =
    [
      ['result', 'result', () => ({ result: 4095 })],
      ['errno', 'errno', () => ({ result: -1, errno: 'EFAULT' })],
      ['signal', 'signal', () => ({ result: null, signal: 'SIGBUS' })],
      ['who recorded it', 'who', () => ({ who: 'child' })],
      ...Object.entries({
        refcount: 2,
        mapcount: 2,
        ownRefcount: 4,
        pageMapcount: 1,
        entireMapcount: 0,
        largeMapcount: 2,
        nrPagesMapped: 1,
        pincount: 1,
        order: 0,
        kind: 'tail',
        mapping: 'null',
      }).map(
        ([name, value]) =>
          [
            name,
            `pages[0].${name}`,
            (step: RecordedStep) => ({ pages: replaced(step.pages, { [name]: value }) }),
          ] as const,
      ),
      ...Object.entries({
        level: 'PTE',
        present: false,
        rw: false,
        dirty: false,
        accessed: false,
        devmap: true,
        special: true,
        softdirty: false,
        savedDirty: true,
        huge: false,
        pfn_index: 1,
      }).map(
        ([name, value]) =>
          [
            name,
            `ptes[m+0x0].${name}`,
            (step: RecordedStep) => ({ ptes: replaced(step.ptes, { [name]: value }) }),
          ] as const,
      ),
      ...Object.entries({ prot: 'r--s', pgoff: 1, Size: 4, Rss: 0 }).map(
        ([name, value]) =>
          [
            name,
            `vmas[m+0x0].${name}`,
            (step: RecordedStep) => ({ vmas: replaced(step.vmas, { [name]: value }) }),
          ] as const,
      ),
      ['filePages', 'filePages', () => ({ filePages: 512 })],
      ['a mapping that is missing', 'vmas[m+0x0].prot', () => ({ vmas: [] })],
    ];

  test.each(changes)('%s', (_, field, change) => {
    const { differences } = judge('7.3.4', 'devdax-2m', changed(change));
    expect(differences.filter((difference) => difference.includes(` ${field} is `))).toHaveLength(1);
  });

  test('an operation that is missing, or another one', () => {
    if (recorded === undefined) throw new Error('the scenario was not recorded');
    const [first, ...others] = recorded.steps;
    expect(first).toBeDefined();
    expect(() => judge('7.3.4', 'devdax-2m', { ...recorded, steps: others })).toThrow('the recording at');
    expect(() =>
      judge(
        '7.3.4',
        'devdax-2m',
        changed(() => ({ op: 'munmap(m)' })),
      ),
    ).toThrow('the recording at');
    const longer = { ...recorded, steps: [...recorded.steps, ...others] };
    expect(() => judge('7.3.4', 'devdax-2m', longer)).toThrow('did not get to');
  });
});
