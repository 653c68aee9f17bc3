import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { record } from '../../explorer/src/recording/record.ts';
import { executeRun } from '../../explorer/src/worker/executeRun.ts';
import { Execution } from '../../src/run/index.ts';
import { SCHEMES, shippedProgram } from './support/runs.ts';

const FOLDER = 'litmus/devdax';
/** Steps that are looked at of long tests. */
const STEPS = 1500;

const tests = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name.endsWith('.litmus'))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

describe('what the page executes', () => {
  it.each(tests)('%s comes to what the command line says', (file) => {
    const program = shippedProgram(file);
    for (const scheme of SCHEMES) {
      const execution = new Execution(program, scheme);
      execution.advance(Number.POSITIVE_INFINITY);
      const { verdict, conditions, violations, steps } = execution.result();
      const { operations, findings, ...recording } = record(program, scheme, { stepsKept: STEPS });
      const ended = operations
        .filter(({ result }) => result !== null)
        .sort((one, other) => one.lastStep - other.lastStep);
      expect([recording.verdict, recording.conditions]).toEqual([verdict, conditions]);
      expect(ended.map(({ text, result }) => [text, result?.result])).toEqual(
        steps.slice(0, recording.isCut ? ended.length : undefined).map(({ text, result }) => [text, result]),
      );
      if (recording.isCut) continue;
      expect(findings.map(({ property, message }) => [property, message])).toEqual(
        violations.map(({ property, message }) => [property, message]),
      );
    }
  });
});

describe('a request that cannot be met', () => {
  const file = 'litmus/devdax/fault/read-fault.litmus';
  const text = readFileSync(file, 'utf8');

  it.each([
    ['nonsense', /expected it to begin with/],
    ['1r', /schedule of the refcount scheme/],
    ['1d-9x4', /names thread 9/],
  ])('is answered with the reason: schedule %s', async (devmap, reason) => {
    const answer = await executeRun({ file, text, bug: null, schedules: { devmap } });
    expect(answer).toEqual({ error: expect.stringMatching(reason) });
  });

  it('is answered with the reason: a test with errors', async () => {
    const answer = await executeRun({ file, text: 'DAX', bug: null, schedules: {} });
    expect(answer).toEqual({ error: 'the test has errors' });
  });
});
