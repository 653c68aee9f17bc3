import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Frame, FrameInstance, FrameProgram } from '../../src/compile/frames/program.ts';
import { DONE, PC, RESULT } from '../../src/compile/frames/program.ts';
import { WouldBlock } from '../../src/compile/link/plain.ts';
import type { DialectProgram, Overrides } from '../../src/compile/link/selection.ts';
import type { CallSite } from '../../src/compile/link/thread.ts';
import { link } from '../../src/compile/link.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { PRIVATE_STRIDE } from '../../src/machine/primitives/own.ts';
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

function describeChain(chain: readonly CallSite[]): string {
  return chain.map(({ caller, line, callee }) => `${caller}:${line} ${callee}`).join(' > ');
}

function describeArguments(args: readonly unknown[]): string[] {
  return args.map((arg) =>
    typeof arg === 'number' ? String(arg + 0) : String((arg as { name: string }).name),
  );
}

/** A thread in frames whose frame is moved to a fresh array before every step, as a search does. */
class FrameThread {
  readonly cpu: number;
  readonly program: FrameProgram;
  frame: Frame;
  blocked = false;
  private readonly machine: Machine;
  private readonly instance: FrameInstance;

  constructor(machine: Machine, program: FrameProgram, cpu: number, args: readonly number[]) {
    this.machine = machine;
    this.cpu = cpu;
    this.program = program;
    this.instance = program.instantiate(machine);
    this.frame = new Float64Array(program.words).fill(99);
    machine.cpu = cpu;
    this.instance.start(this.frame, ...args);
  }

  get done(): boolean {
    return this.frame[PC] === DONE;
  }

  get point(): FrameProgram['points'][number] {
    return this.program.points[this.frame[PC] ?? DONE];
  }

  get args(): readonly unknown[] {
    this.machine.cpu = this.cpu;
    return this.instance.pending(this.frame);
  }

  step(): void {
    const moved = this.frame.slice();
    const from = this.point;
    this.frame.fill(-77);
    this.machine.cpu = this.cpu;
    this.blocked = !this.instance.step(moved);
    this.frame = moved;
    if (!this.blocked) expect(from?.successors).toContain(moved[PC]);
  }

  /** Words that hold neither the program counter, nor a live local, nor the result. */
  get idleWords(): number[] {
    const used = new Set(this.done ? [RESULT] : this.point?.locals.map(({ word }) => word));
    return [...this.frame].filter((_, word) => word !== PC && !used.has(word));
  }
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
