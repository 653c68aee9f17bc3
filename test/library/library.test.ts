import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { format, loadTest, type Program, parse, type Scheme } from '../../src/litmus/index.ts';
import type { TestResult } from '../../src/litmus/output/index.ts';
import { Execution } from '../../src/run/index.ts';
import { conditionsOf, negated } from './conditions.ts';
import { libraryTests } from './files.ts';

const files = libraryTests();

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];

function programOf(text: string, path: string): Program {
  const loaded = loadTest(text, path);
  if ('errors' in loaded) throw new Error(`${path}: ${JSON.stringify(loaded.errors)}`);
  return loaded.program;
}

function resultOf(program: Program, scheme: Scheme): TestResult {
  const execution = new Execution(program, scheme);
  execution.advance(Number.POSITIVE_INFINITY);
  return execution.result();
}

describe('the library', () => {
  it('has tests', () => {
    expect(files.length).toBeGreaterThan(200);
  });

  it('names each test once, after its file', () => {
    for (const { path, text } of files) {
      expect(`${path}: ${parse(text).file.name.name}`).toBe(`${path}: ${basename(path, '.litmus')}`);
    }
  });

  it('says of each test in a sentence what it shows', () => {
    const silent = files.filter(({ text }) => !/^\S.*[.]$/.test(parse(text).file.description?.value ?? ''));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('is formatted', () => {
    const unformatted = files.filter(({ text }) => {
      const formatted = format(text);
      return 'errors' in formatted || formatted.text !== text;
    });
    expect(unformatted.map(({ path }) => path)).toEqual([]);
  });

  it('asks something of every test under each scheme', () => {
    const idle = files.filter(({ text }) =>
      SCHEMES.some((scheme) => !conditionsOf(text).some((condition) => condition.schemes.includes(scheme))),
    );
    expect(idle.map(({ path }) => path)).toEqual([]);
  });
});

describe.each(files)('$path', ({ path, text }) => {
  it('is ok under both schemes', () => {
    const program = programOf(text, path);
    for (const scheme of SCHEMES) {
      const { verdict, violations, conditions, error } = resultOf(program, scheme);
      const broken = conditions.filter(({ holds, kind }) => !holds && kind !== 'exists' && kind !== 'hazard');
      expect(verdict, JSON.stringify({ scheme, error, broken, violations })).toBe('ok');
    }
  });

  it('fails when any of its conditions says the contrary', () => {
    for (const condition of conditionsOf(text)) {
      const program = programOf(negated(text, condition), path);
      for (const scheme of condition.schemes) {
        const { verdict } = resultOf(program, scheme);
        expect(`${condition.text} [${scheme}] negated: ${verdict}`).toBe(
          `${condition.text} [${scheme}] negated: violated`,
        );
      }
    }
  });
});
