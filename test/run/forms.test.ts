import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../src/litmus/index.ts';
import { validateDocument } from '../../src/litmus/output/index.ts';
import { Execution, parseReplay, run } from '../../src/run/index.ts';
import { takeCensus } from '../../src/run/observe/census.ts';
import { ENTRIES, GETS, PINS, TRANSLATIONS } from '../../src/run/observe/unitWords.ts';
import { stateViolations } from '../../src/run/properties/stateViolations.ts';
import { shippedTests } from './support/shippedTests.ts';

const tests = shippedTests();
const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];
const SEEDS = [1, 2, 3];

describe('every test that ships', () => {
  it('is there to be executed', () => {
    expect(tests.length).toBeGreaterThan(60);
  });

  it.each(tests)('$name keeps its conditions and gives a valid result', ({ program }) => {
    for (const scheme of SCHEMES) {
      const result = run(program, scheme);
      expect(result.verdict).toBe('ok');
      const document = { tool: 'daxlab', version: '0', schemaVersion: 1, verb: 'run', results: [result] };
      expect(validateDocument(JSON.parse(JSON.stringify(document)))).toHaveProperty('document');
    }
  });

  it.each(tests)('$name comes out alike in the plain and in the generator form', ({ program }) => {
    for (const scheme of SCHEMES) {
      expect(run(program, scheme, { generators: true })).toEqual(run(program, scheme));
    }
  });

  it.each(tests)('$name repeats under its seed and its replay string', ({ program }) => {
    for (const scheme of SCHEMES) {
      for (const seed of SEEDS) {
        const first = run(program, scheme, { seed });
        expect(run(program, scheme, { seed })).toEqual(first);
        const replay = parseReplay(first.replay ?? '');
        if ('error' in replay) throw new Error(replay.error);
        expect(run(program, scheme, { replay })).toEqual(first);
      }
    }
  });

  it.each(tests)(
    '$name breaks no property that it does not declare, whatever the schedule',
    ({ program }) => {
      for (const scheme of SCHEMES) {
        const declared = program.hazards.map(({ property }) => property);
        for (const seed of SEEDS) {
          const { violations } = run(program, scheme, { seed });
          expect(violations.filter(({ property }) => !declared.includes(property))).toEqual([]);
        }
      }
    },
  );

  it.each(tests)(
    '$name leaves what a census of the machine finds, at every quiescent point',
    ({ program }) => {
      for (const scheme of SCHEMES) {
        const execution = new Execution(program, scheme, { seed: 5 });
        const { memory, observer, stepper } = execution.parts;
        const { layout, folios, holders, judge } = observer;
        while (!execution.advance(1)) {
          if (!stepper.isQuiescent) continue;
          holders.settle();
          const census = takeCensus(memory, layout);
          for (const { firstUnit } of layout.extents) {
            for (let unit = firstUnit; unit < firstUnit + 4; unit++) {
              const { entries, translations, gets, pins } = folios.read(unit);
              expect({ entries, translations, gets, pins }).toEqual({
                entries: census.get(unit, ENTRIES),
                translations: census.get(unit, TRANSLATIONS),
                gets: census.get(unit, GETS),
                pins: census.get(unit, PINS),
              });
            }
          }
          if (judge.findings.length === 0) {
            expect(stateViolations(memory, layout, scheme, 'quiescent')).toEqual([]);
          }
        }
      }
    },
  );
});
