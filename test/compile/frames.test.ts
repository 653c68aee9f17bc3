import { describe, expect, it } from 'vitest';
import type { FrameProgram } from '../../src/compile/frames/program.ts';
import { DONE, PC, RESULT } from '../../src/compile/frames/program.ts';
import { link } from '../../src/compile/link.ts';
import { cell, emptyMachine, programOf } from './tinyKernel.ts';

function compile(
  source: string,
  entry: string,
  overrides: Readonly<Record<string, string>> = {},
): FrameProgram {
  return link(programOf({ 'a.ts': source }), 'frames', { scheme: 'devmap', overrides }).program(entry);
}

function primitivesOf(program: FrameProgram): string[] {
  return program.points.flatMap((point) => (point === undefined ? [] : [point.primitive]));
}

/** Runs a program alone to its end. */
function run(program: FrameProgram, ...args: number[]): { readonly result: number; readonly steps: number } {
  const machine = emptyMachine();
  const instance = program.instantiate(machine);
  const frame = new Float64Array(program.words);
  let steps = 0;
  for (instance.start(frame, ...args); frame[PC] !== DONE; steps++) expect(instance.step(frame)).toBe(true);
  return { result: frame[RESULT] ?? 0, steps };
}

describe('a compiled function', () => {
  it('inlines its calls, so that each call site has program counters of its own', () => {
    const source = `
      export function* bump(at: number): Op { yield* atomic_add(cell.value, at, 1); }
      export function* twice(at: number): Op { yield* bump(at); yield* bump(at + 1); }`;
    const program = compile(source, 'twice');
    expect(
      program.points.map((point) => point?.chain.map(({ caller, line }) => `${caller}:${line}`).join(' > ')),
    ).toEqual([undefined, 'twice:3 > bump:2', 'twice:3 > bump:2']);
    expect(program.points[1]?.successors).toEqual([2]);
    expect(program.points[2]?.successors).toEqual([DONE]);
  });

  it('keeps values beyond 32 bits', () => {
    const source = `export function* f(pfn: number): Op<number> {
      const entry = pfn * 4096 + 7;
      yield* store(cell.wide, 0, entry);
      return (yield* xchg(cell.wide, 0, 0)) - 7;
    }`;
    expect(run(compile(source, 'f'), 2 ** 40).result).toBe(2 ** 52);
  });

  it('may end without a step', () => {
    const program = compile(
      'export function* f(a: number): Op<number> { if (a) return 3; return yield* load(cell.value, a); }',
      'f',
    );
    expect(program.first).toEqual([DONE, 1]);
    expect(run(program, 1)).toEqual({ result: 3, steps: 0 });
    expect(run(program, 0)).toEqual({ result: 0, steps: 1 });
  });

  it('never contains a branch that constants decide', () => {
    const source = `
      export const ORDER = 9;
      export function is_large(order: number): boolean { return order > 3; }
      export function* f(order: number): Op {
        if (is_large(order)) yield* store(cell.value, 0, 1); else yield* atomic_add(cell.value, 0, 1);
      }
      export function* g(): Op { const order = ORDER + 1; yield* f(order); yield* f(0); }`;
    expect(primitivesOf(compile(source, 'g'))).toEqual(['store', 'atomic_add']);
    expect(primitivesOf(compile(source, 'f'))).toEqual(['store', 'atomic_add']);
  });

  it('goes from a returned constant to the branch that it decides', () => {
    const source = `
      export function* map_lock(at: number): Op<number> {
        if ((yield* load(cell.value, at)) === 0) return 0;
        yield* spin_lock(cell.lock, at);
        if ((yield* load(cell.value, at)) !== 0) return 1;
        yield* spin_unlock(cell.lock, at);
        return 0;
      }
      export function* f(at: number): Op<number> {
        const locked = yield* map_lock(at);
        if (!locked) return -11;
        yield* store(cell.value, at, 5);
        yield* spin_unlock(cell.lock, at);
        return 0;
      }`;
    const program = compile(source, 'f');
    const nextOf = (primitive: string): (string | undefined)[][] =>
      program.points
        .filter((point) => point?.primitive === primitive)
        .map((point) => point?.successors.map((pc) => program.points[pc]?.primitive) ?? []);
    expect(nextOf('load')).toEqual([
      [undefined, 'spin_lock'],
      ['store', 'spin_unlock'],
    ]);
    expect(nextOf('store')).toEqual([['spin_unlock']]);
    expect(nextOf('spin_unlock')).toEqual([[undefined], [undefined]]);
  });

  it('knows which results nobody reads', () => {
    const source = `export function* f(): Op<number> {
      yield* atomic_add_return(cell.value, 0, 1);
      const unread = yield* load(cell.value, 0);
      const after = yield* atomic_add_return(cell.value, 0, 1);
      return after;
    }`;
    expect(compile(source, 'f').points.map((point) => point?.resultUsed)).toEqual([
      undefined,
      false,
      false,
      true,
    ]);
  });

  it('names fields, lock effects and live locals of each program counter', () => {
    const source = `export function* f(at: number): Op {
      yield* spin_lock(cell.lock, at);
      const value = yield* load(cell.value, at);
      yield* spin_unlock(cell.lock, at);
      yield* store(cell.wide, 0, value);
    }`;
    const points = compile(source, 'f').points.slice(1);
    expect(points.map((point) => point?.lock)).toEqual(['take', undefined, 'drop', undefined]);
    expect(points.map((point) => point?.kind)).toEqual(['waiting', 'access', 'access', 'access']);
    expect(points[1]?.fields).toEqual([{ struct: 'cell', field: 'value' }]);
    const live = points.map((point) => point?.locals.map(({ name, word }) => `${name}@${word}`).join(' '));
    expect(live).toEqual(['at@1', 'at@1', 'at@1 value@2', 'value@2']);
  });

  it('replaces functions by overrides wherever they are called, and lets a replacement reach its original', () => {
    const source = `
      export function* drop(at: number): Op { yield* atomic_add(cell.value, at, -1); }
      export function* drop__twice(at: number): Op { yield* drop(at); yield* drop(at); }
      export function* f(): Op { yield* drop(0); }`;
    expect(primitivesOf(compile(source, 'f'))).toEqual(['atomic_add']);
    expect(primitivesOf(compile(source, 'f', { drop: 'drop__twice' }))).toEqual(['atomic_add', 'atomic_add']);
    expect(primitivesOf(compile(source, 'drop', { drop: 'drop__twice' }))).toEqual([
      'atomic_add',
      'atomic_add',
    ]);
  });

  it('answers false, having written nothing, while its primitive has to wait', () => {
    const program = compile(
      'export function* f(): Op { yield* spin_lock(cell.lock, 1); yield* spin_unlock(cell.lock, 1); }',
      'f',
    );
    const machine = emptyMachine();
    machine.memory.of(cell).lock.set(1, 1);
    const instance = program.instantiate(machine);
    const frame = new Float64Array(program.words);
    instance.start(frame);
    const before = frame.slice();
    expect(instance.step(frame)).toBe(false);
    expect(frame).toEqual(before);
    machine.memory.of(cell).lock.set(1, 0);
    expect(instance.step(frame)).toBe(true);
  });
});

describe('what cannot be compiled', () => {
  it('is a function that the kernel does not have', () => {
    expect(() => compile('export const A = 1;', 'f')).toThrow("'f' is not a kernel function");
    expect(() => compile('export function* f(): Op { yield* g(); }', 'f')).toThrow(
      "common/a.ts:1: 'g' is not a kernel function",
    );
  });

  it('is a function that calls itself', () => {
    const source = 'export function* f(): Op { yield* g(); }\nexport function* g(): Op { yield* f(); }';
    expect(() => compile(source, 'f')).toThrow(
      'common/a.ts:2: recursive call of f (f > g > f): recursion is not in the dialect',
    );
  });

  it('is a function whose calls multiply beyond the budget, which names what is inlined most', () => {
    const levels = ['export function* f0(): Op { yield* atomic_add(cell.value, 0, 1); }'];
    for (let level = 1; level <= 14; level++) {
      levels.push(`export function* f${level}(): Op { yield* f${level - 1}(); yield* f${level - 1}(); }`);
    }
    expect(() => compile(levels.join('\n'), 'f14')).toThrow(
      /^f14: more than 10000 program counters; inlined most often: f0 \(\d+ times\), f1 \(\d+ times\), f2 \(\d+ times\)$/,
    );
  });
});
