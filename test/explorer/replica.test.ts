import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { record } from '../../explorer/src/recording/record.ts';
import { Replica } from '../../explorer/src/recording/replica.ts';
import { dev_pagemap } from '../../src/kernel/state/dax.ts';
import { page } from '../../src/kernel/state/page.ts';
import { loadTest, type Program, type Scheme } from '../../src/litmus/index.ts';
import { declaredStructs, structOfSchema } from '../../src/machine/field.ts';
import type { Memory } from '../../src/machine/memory.ts';
import { Execution } from '../../src/run/index.ts';
import { Layout } from '../../src/run/observe/layout.ts';

const SCHEMES: readonly Scheme[] = ['devmap', 'refcount'];
const TESTS = [
  'litmus/devdax/fault/two-mappings-of-one-page.litmus',
  'litmus/devdax/concurrent/pin-outlives-munmap.litmus',
  'litmus/devdax/unbind/does-not-wait-for-a-pin.litmus',
  'litmus/devdax/unbind/twice.litmus',
  'litmus/fsdax/fault/two-files.litmus',
  'litmus/fsdax/gup/get-and-put.litmus',
];

function programOf(file: string): Program {
  const loaded = loadTest(readFileSync(file, 'utf8'), file);
  if (!('program' in loaded)) throw new Error(`${file} does not load`);
  return loaded.program;
}

/** Frames of a device that are compared. */
const FRAMES = 12;

/** Every word that differs from an untouched one, as text; of struct pages those of the first frames of each device. */
function wordsOf(memory: Memory, layout: Layout): string[] {
  const { memmap } = memory.of(dev_pagemap);
  const there = layout.extents.filter(({ device }) => memmap.get(device) !== 0);
  const pages = there.flatMap(({ firstFrame }) =>
    Array.from({ length: FRAMES }, (_, offset) => firstFrame + offset).flatMap((pfn) =>
      Object.entries(memory.of(page)).map(([name, field]) => `page[${pfn}].${name} = ${field.get(pfn)}`),
    ),
  );
  return [...pages, ...otherWords(memory)];
}

function otherWords(memory: Memory): string[] {
  return declaredStructs()
    .filter(({ name, options }) => options.private !== true && name !== 'page')
    .flatMap((schema) =>
      memory.touchedIn(structOfSchema(schema), 0, Number.MAX_SAFE_INTEGER).flatMap((index) =>
        Object.entries(schema.fields).flatMap(([field, { initial = 0 }]) => {
          const value = memory.named(schema.name)[field]?.get(index);
          return value === initial ? [] : [`${schema.name}[${index}].${field} = ${value}`];
        }),
      ),
    );
}

/** States of an execution of its own, behind each step. */
function statesOf(program: Program, scheme: Scheme): string[][] {
  const states: string[][] = [];
  const layout = new Layout(program);
  const now = (): string[] => wordsOf(execution.parts.memory, layout);
  const execution = new Execution(program, scheme, {
    onStep: () => states.push(now()),
  });
  const first = now();
  while (!execution.advance(1)) {}
  return [first, ...states, now()];
}

describe.each(TESTS)('the states of %s', (file) => {
  it.each(SCHEMES)('under %s are had again forward and backward', (scheme) => {
    const program = programOf(file);
    const states = statesOf(program, scheme);
    const recording = record(program, scheme);
    expect(recording.steps.length).toBe(states.length - 1);
    const replica = new Replica(program, recording);
    const order = [...states.keys()];
    for (const at of [...order, ...order.toReversed(), states.length - 1, 0, states.length >> 1]) {
      replica.seek(at);
      expect(wordsOf(replica.memory, replica.layout), `behind step ${at}`).toEqual(states[at]);
    }
  });
});

describe('a recording', () => {
  it('belongs to the same execution as the run of the command line', () => {
    const program = programOf(TESTS[1] ?? '');
    for (const scheme of SCHEMES) {
      const execution = new Execution(program, scheme);
      execution.advance(Number.POSITIVE_INFINITY);
      const { steps, verdict, conditions } = execution.result();
      const recording = record(program, scheme);
      const results = recording.operations.flatMap(({ result }) => (result === null ? [] : [result]));
      expect(results.map(({ text, result }) => [text, result])).toEqual(
        steps.map(({ text, result }) => [text, result]),
      );
      expect([recording.verdict, recording.conditions]).toEqual([verdict, conditions]);
    }
  });
});
