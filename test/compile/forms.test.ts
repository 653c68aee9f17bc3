import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { RESULT } from '../../src/compile/frames/program.ts';
import { WouldBlock } from '../../src/compile/link/plain.ts';
import type { DialectProgram, Overrides } from '../../src/compile/link/selection.ts';
import { link } from '../../src/compile/link.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { PRIVATE_STRIDE } from '../../src/machine/primitives/own.ts';
import { describeArguments, describeChain, FrameThread } from './frameThread.ts';
import { FUNCTIONS, LOCKS, type Random, randomProgram, seeded, WORDS } from './randomProgram.ts';
import { cell, emptyMachine, programOf, scratch } from './tinyKernel.ts';

const CPUS = 3;
const STEP_LIMIT = 400;

/** Every word that a random program can touch. */
function wordsOf(machine: Machine): number[] {
  const shared = machine.memory.of(cell);
  const own = machine.memory.of(scratch);
  const words: number[] = [];
  for (let index = 0; index < WORDS; index++) words.push(shared.value.get(index));
  for (let index = 0; index < LOCKS; index++) words.push(shared.lock.get(index));
  for (let cpu = 0; cpu < CPUS; cpu++) {
    for (let index = 0; index < WORDS; index++) words.push(own.value.get(cpu * PRIVATE_STRIDE + index));
  }
  return words.map((word) => word + 0);
}

/** Replaces nothing, or one function by another that it may well call. */
function randomOverrides(random: Random): Overrides {
  if (random(2) === 0) return {};
  const replaced = 1 + random(FUNCTIONS - 1);
  return { [`f${replaced}`]: `f${random(replaced)}` };
}

/** Runs two to three threads in generators and in frames under one random schedule and compares every step. */
function compareInterleaved(program: DialectProgram, random: Random, zeroing: boolean): void {
  const [reference, framed] = [emptyMachine(CPUS), emptyMachine(CPUS)];
  const options = { scheme: 'devmap', overrides: randomOverrides(random) } as const;
  const generators = link(program, 'generators', { ...options, trace: true }).instantiate(reference);
  const frames = link(program, 'frames', { ...options, zeroing });
  const starts = Array.from({ length: 2 + random(2) }, (_, cpu) => ({
    cpu,
    name: `f${FUNCTIONS - 1 - random(2)}`,
    args: [random(5), random(5)] as const,
  }));
  const expected = starts.map(({ cpu, name, args }) => generators.start(cpu, name, ...args));
  const actual = starts.map(
    ({ cpu, name, args }) => new FrameThread(framed, frames.program(name), cpu, args),
  );
  for (let step = 0; step < STEP_LIMIT && expected.some(({ done }) => !done); step++) {
    const at = random(starts.length);
    const [left, right] = [expected[at], actual[at]];
    if (left === undefined || right === undefined || left.done) continue;
    expect(right.done).toBe(false);
    expect(right.point?.primitive).toBe(left.pending?.primitive);
    expect(describeArguments(right.args)).toEqual(describeArguments(left.pending?.args ?? []));
    expect(describeChain(right.point?.chain ?? [])).toBe(describeChain(left.chain));
    left.step();
    right.step();
    expect(right.blocked).toBe(left.blocked);
    if (zeroing) expect(right.idleWords.filter((word) => !Object.is(word, 0))).toEqual([]);
    expect([...right.frame].filter((word) => Object.is(word, -0))).toEqual([]);
    expect(wordsOf(framed)).toEqual(wordsOf(reference));
    expect(framed.warnings).toEqual(reference.warnings);
  }
  expected.forEach((left, at) => {
    expect(actual[at]?.done).toBe(left.done);
    if (!left.done) return;
    const result = actual[at]?.frame[RESULT];
    expect(result).toBe(left.result + 0);
  });
}

/** Runs each function alone, in plain form and in generators. */
function compareAlone(program: DialectProgram, random: Random): void {
  const args = [random(5), random(5)] as const;
  const options = { scheme: 'devmap', overrides: randomOverrides(random) } as const;
  for (let number = 0; number < FUNCTIONS; number++) {
    const [reference, plain] = [emptyMachine(CPUS), emptyMachine(CPUS)];
    const thread = link(program, 'generators', options)
      .instantiate(reference)
      .start(1, `f${number}`, ...args);
    while (!thread.done && !thread.blocked) thread.step();
    plain.cpu = 1;
    const run = (): number | undefined =>
      link(program, 'plain', options)
        .instantiate(plain)
        .functions[`f${number}`]?.(...args);
    if (thread.blocked) expect(run).toThrow(WouldBlock);
    else expect((run() ?? 0) + 0).toBe(thread.result + 0);
    expect(wordsOf(plain)).toEqual(wordsOf(reference));
    expect(plain.warnings).toEqual(reference.warnings);
  }
}

const seed = Number(process.env.DAXLAB_SEED ?? 20_261_122);

describe(`the three forms agree on random programs (seed ${seed}; set DAXLAB_SEED for others)`, () => {
  const programs = fc.integer();

  test.prop([programs], { seed, numRuns: 150 })('alone, to the end or to where they block', (number) => {
    const random = seeded(number);
    const program = programOf({ 'random.ts': randomProgram(random) });
    compareAlone(program, random);
  });

  test.prop([programs, fc.boolean()], { seed, numRuns: 300 })(
    'interleaved, step by step: primitive, arguments, chain of calls, shared words, results',
    (number, zeroing) => {
      const random = seeded(number);
      const program = programOf({ 'random.ts': randomProgram(random) });
      for (let schedule = 0; schedule < 3; schedule++) compareInterleaved(program, random, zeroing);
    },
  );
});
