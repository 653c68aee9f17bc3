import { describe, expect, it } from 'vitest';
import type { Program, Scheme } from '../../src/litmus/index.ts';
import { type TestResult, validateDocument } from '../../src/litmus/output/index.ts';
import { Execution, parseReplay, run } from '../../src/run/index.ts';
import { takeCensus } from '../../src/run/observe/census.ts';
import { FolioReader } from '../../src/run/observe/folioReader.ts';
import { stateViolations } from '../../src/run/properties/stateViolations.ts';
import { shippedTests } from './support/shippedTests.ts';

const tests = shippedTests();
const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

/** Tests of more steps are executed in the plain form only. */
const STEPS = 20_000;

/** The tests that turned out to have more. */
const long = new Set<string>();

/** Units of each device that are held against a census. */
const UNITS = 4;

/** Where in the kernel a thread waits, within a message. */
const PLACE = /(?<=\()in \w+, [^;)]+; /g;

/** A result without what only a run of its own collects: the traces of its violations, and the places where threads wait. */
function untraced(result: TestResult): TestResult {
  const violations = result.violations.map((violation) => ({
    ...violation,
    message: violation.message.replace(PLACE, ''),
    trace: [],
  }));
  return { ...result, violations };
}

/** One execution step by step; the run's own counts are held against a census at every quiescent point. */
function inspected(program: Program, scheme: Scheme, seed: number): TestResult {
  const execution = new Execution(program, scheme, { seed });
  while (!execution.advance(1)) {
    if (execution.parts.stepper.isQuiescent) inspect(execution, scheme);
  }
  return execution.result();
}

function inspect({ parts: { memory, observer } }: Execution, scheme: Scheme): void {
  const { layout, folios, holders, judge, pgmaps } = observer;
  // References on struct pages that were torn down are told from others by the run alone.
  if (layout.extents.some(({ device }) => pgmaps.generationOf(device) !== 1)) return;
  holders.settle();
  const counted = new FolioReader(memory, layout, takeCensus(memory, layout), observer.files, scheme);
  for (const { firstUnit } of layout.extents) {
    for (let unit = firstUnit; unit < firstUnit + UNITS; unit++) {
      expect(holdsOf(folios, unit)).toEqual(holdsOf(counted, unit));
    }
  }
  if (judge.findings.length === 0) {
    expect(stateViolations(memory, layout, scheme, 'quiescent')).toEqual([]);
  }
}

/** What is there of a unit's folio; copied, as a reader answers with the same object again and again. */
function holdsOf(reader: FolioReader, unit: number): readonly number[] {
  const { entries, translations, gets, pins } = reader.read(unit);
  return [entries, translations, gets, pins];
}

describe('every test that ships', () => {
  it('is there to be executed', () => {
    expect(tests.length).toBeGreaterThan(100);
  });

  it.each(tests)('$name keeps its conditions and gives a valid result', ({ program }) => {
    for (const scheme of SCHEMES) {
      const result = run(program, scheme);
      expect(result.verdict).toBe('ok');
      const document = { tool: 'daxlab', version: '0', schemaVersion: 1, verb: 'run', results: [result] };
      expect(validateDocument(JSON.parse(JSON.stringify(document)))).toHaveProperty('document');
    }
  });

  it.each(tests)('$name comes out alike in both forms, and under a seed as its replay', (test) => {
    const { program, position } = test;
    for (const scheme of SCHEMES) {
      const stepwise = new Execution(program, scheme, { generators: true });
      if (!stepwise.advance(STEPS)) {
        long.add(test.name);
        return;
      }
      expect(stepwise.result()).toEqual(untraced(run(program, scheme)));

      const seeded = inspected(program, scheme, position);
      const declared = program.hazards.map(({ property }) => property);
      expect(seeded.violations.filter(({ property }) => !declared.includes(property))).toEqual([]);
      const replay = parseReplay(seeded.replay ?? '');
      if ('error' in replay) throw new Error(replay.error);
      expect(untraced(run(program, scheme, { replay }))).toEqual(seeded);
    }
  });

  it('is short enough to be executed step by step, but for a few', () => {
    expect(long.size).toBeLessThan(tests.length / 10);
  });
});
