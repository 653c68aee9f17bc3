import { expect, it } from 'vitest';
import { type Coverage, type Outcome, withCoverage } from '../../src/compile/link/coverage.ts';
import type { DialectProgram } from '../../src/compile/link/selection.ts';
import { type Forms, link } from '../../src/compile/link.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { FrameThread } from './frameThread.ts';
import { emptyMachine, programOf } from './tinyKernel.ts';

const tiny = programOf({
  'tiny.ts': `
    export function is_odd(value: number): boolean { return value % 2 === 1 && value > 0; }
    export function* walk(at: number, rounds: number): Op<number> {
      let sum = 0;
      for (let i = 0; i < rounds; i++) {
        if (is_odd(yield* load(cell.value, at))) sum += 1;
        else yield* store(cell.value, at, 1);
      }
      return sum > 1 ? sum : never_called(sum);
    }
    export function* never_called(value: number): Op<number> { return value; }
  `,
});

function countsOf(coverage: Coverage): Record<string, number> {
  const counts: Record<string, number> = {};
  coverage.points.forEach((point, number) => {
    for (const outcome of ['entered', 'true', 'false'] satisfies Outcome[]) {
      const count = coverage.count(number, outcome);
      if (count > 0) counts[`${point.function} ${point.kind} ${point.text} ${outcome}`] = count;
    }
  });
  return counts;
}

function resultOf(program: DialectProgram, form: keyof Forms, machine: Machine): number | undefined {
  const scheme = 'refcount';
  if (form === 'plain') return link(program, form, { scheme }).instantiate(machine).functions.walk?.(5, 3);
  const thread =
    form === 'generators'
      ? link(program, form, { scheme }).instantiate(machine).start(0, 'walk', 5, 3)
      : new FrameThread(machine, link(program, form, { scheme }).program('walk'), 0, [5, 3]);
  while (!thread.done) thread.step();
  return thread.result;
}

it.each(['plain', 'generators', 'frames'] as const)(
  '%s code counts the ways that it goes, and goes them as before',
  (form) => {
    const { program, coverage } = withCoverage(tiny, 'refcount');
    const machine = emptyMachine();
    expect(resultOf(program, form, machine)).toBe(2);
    expect(countsOf(coverage)).toEqual({
      'walk function walk entered': 1,
      'walk loop i < rounds true': 3,
      'walk loop i < rounds false': 1,
      'walk if is_odd(yield* load(cell.value, at)) true': 2,
      'walk if is_odd(yield* load(cell.value, at)) false': 1,
      'walk ?: sum > 1 true': 1,
      'is_odd function is_odd entered': 3,
      'is_odd && value % 2 === 1 true': 2,
      'is_odd && value % 2 === 1 false': 1,
    });
  },
);
