import { describe, expect, it } from 'vitest';
import { type StepTable, stepTablesOf } from '../../../src/check/collapse/stepTable.ts';
import { EndJudge } from '../../../src/check/kernel/endJudge.ts';
import { LitmusComponents } from '../../../src/check/kernel/litmusComponents.ts';
import { bootLitmusMachine } from '../../../src/check/kernel/litmusMachine.ts';
import { NOT_ENABLED, STEPPED } from '../../../src/check/model.ts';
import type { Program, Scheme } from '../../../src/litmus/index.ts';
import { Execution, type ScheduleRun } from '../../../src/run/index.ts';
import { programOf } from '../../run/support/execute.ts';
import { numbersFrom } from '../models/randomGraph.ts';
import { concurrentTests } from './tests.ts';

const schemes: readonly Scheme[] = ['devmap', 'refcount'];

/** Walks through the checker's states at random, up to an end; answers the schedule and the registers there. */
function walk(program: Program, scheme: Scheme, seed: number): { runs: ScheduleRun[]; registers: object } {
  const machine = bootLitmusMachine(program, scheme, { overrides: {} });
  const components = new LitmusComponents(machine);
  const tables = stepTablesOf(components);
  const ends = new EndJudge(machine, components.stateProperties);
  const below = numbersFrom(seed);
  const owns = program.threads.map((_, thread) => components.initialOwn(thread));
  let shared = components.initialShared();
  const runs: { thread: number; steps: number }[] = [];
  for (;;) {
    const state = Int32Array.of(shared, ...owns);
    if (components.isEnd(state)) return { runs, registers: ends.outcomeOf(shared).registers };
    const enabled = owns.flatMap((own, thread) => {
      const table = tables[thread] as StepTable;
      const step = table.effects.find(own, shared);
      const outcome = table.effects.outcome(step);
      if (outcome === NOT_ENABLED) return [];
      expect(outcome).toBe(STEPPED);
      return [
        {
          thread,
          own: table.effects.nextOwn(step),
          shared: table.effects.nextShared,
          steps: table.steps(step),
        },
      ];
    });
    const taken = enabled[below(enabled.length)];
    if (taken === undefined) throw new Error('no thread can step');
    owns[taken.thread] = taken.own;
    shared = taken.shared;
    const last = runs.at(-1);
    if (last?.thread === taken.thread) last.steps += taken.steps;
    else runs.push({ thread: taken.thread, steps: taken.steps });
  }
}

/** The registers at the end of a run that follows a schedule exactly. */
function registersOfRun(program: Program, scheme: Scheme, runs: readonly ScheduleRun[]): object {
  const execution = new Execution(program, scheme, { replay: { scheme, runs, seed: null } });
  execution.advance(runs.reduce((sum, { steps }) => sum + steps, 0));
  const { threads, registers } = execution.parts;
  expect(execution.result().error).toBeUndefined();
  expect(threads.live()).toEqual([]);
  const values = program.processes.flatMap(({ name, registers: declared }, process) =>
    declared.map(({ name: register }, slot): [string, number | null] => {
      const reference = { process, slot };
      return [`${name}.${register}`, registers.isSet(reference) ? registers.valueOf(reference) : null];
    }),
  );
  return Object.fromEntries(values);
}

describe('a walk through the checker’s states', () => {
  it.each(
    Object.entries(concurrentTests).flatMap(([name, text]) =>
      schemes.map((scheme) => ({ name, text, scheme })),
    ),
  )('is a schedule that a run follows to the same end: $name, $scheme', ({ text, scheme }) => {
    const program = programOf(text);
    for (let seed = 1; seed <= 15; seed++) {
      const { runs, registers } = walk(program, scheme, seed);
      expect(registersOfRun(program, scheme, runs), `seed ${seed}`).toEqual(registers);
    }
  });
});
