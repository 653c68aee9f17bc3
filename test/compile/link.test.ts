import { describe, expect, it } from 'vitest';
import { WouldBlock } from '../../src/compile/link/plain.ts';
import { link } from '../../src/compile/link.ts';
import { cell, emptyMachine, programOf } from './tinyKernel.ts';

const program = programOf({
  'count.ts': `
    import { load, store } from '../machine.ts';
    export const STEP: number = 1 << 4;
    export const TWICE = STEP * 2;
    export function doubled(value: number): number { return div(value * 4, 2); }
    export function* bump(at: Pfn): Op<number> {
      const before: number = yield* load(cell.value, at as Pfn);
      yield* store(cell.value, at, before + STEP);
      return before;
    }
    export function* bump__skip(at: number): Op<number> {
      const before = yield* bump(at);
      return -before;
    }
    export function* twice(at: number): Op<number> {
      let sum = (yield* bump(at)) + (yield* bump(at));
      sum += which_scheme();
      return doubled(sum) + TWICE;
    }
    export function* locked(at: number): Op<number> {
      yield* spin_lock(cell.lock, at);
      if (!(yield* atomic_sub_and_test(cell.value, at, 1))) WARN_ON_ONCE(1, 'not zero');
      put(scratch.value, 3, self() + 70);
      yield* spin_unlock(cell.lock, at);
      return get(scratch.value, 3);
    }
  `,
  'devmap/which.ts': 'export function which_scheme(): number { return 100; }',
  'refcount/which.ts': 'export function which_scheme(): number { return 200; }',
});

describe('the plain form', () => {
  it('runs a kernel function to its end on the memory of its machine', () => {
    const machine = emptyMachine();
    const { functions } = link(program, 'plain', { scheme: 'refcount' }).instantiate(machine);
    machine.memory.of(cell).value.set(5, 1000);
    expect(functions.twice?.(5)).toBe((1000 + 1016 + 200) * 2 + 32);
    expect(machine.memory.of(cell).value.get(5)).toBe(1032);
  });

  it('takes the functions of its scheme only', () => {
    const { functions } = link(program, 'plain', { scheme: 'devmap' }).instantiate(emptyMachine());
    expect(functions.twice?.(5)).toBe((0 + 16 + 100) * 2 + 32);
  });

  it('keeps private structs apart by CPU', () => {
    const machine = emptyMachine();
    const { functions } = link(program, 'plain', { scheme: 'devmap' }).instantiate(machine);
    machine.cpu = 2;
    expect(functions.locked?.(1)).toBe(72);
    expect(machine.warnings).toEqual(['not zero']);
    expect(machine.memory.of(cell).lock.get(1)).toBe(0);
  });

  it('throws where a primitive would have to wait, naming it and what it waits for', () => {
    const machine = emptyMachine();
    const { functions } = link(program, 'plain', { scheme: 'devmap' }).instantiate(machine);
    machine.memory.of(cell).lock.set(1, 1);
    expect(() => functions.locked?.(1)).toThrow(WouldBlock);
    expect(() => functions.locked?.(1)).toThrow('spin_lock(cell.lock, 1) would block');
  });

  it('gives every machine a kernel of its own', () => {
    const kernel = link(program, 'plain', { scheme: 'devmap' });
    const first = emptyMachine();
    kernel.instantiate(first).functions.bump?.(0);
    const second = emptyMachine();
    kernel.instantiate(second);
    expect(first.memory.of(cell).value.get(0)).toBe(16);
    expect(second.memory.of(cell).value.get(0)).toBe(0);
  });
});

describe('the generator form', () => {
  it('stands before each primitive and knows what it is about to do', () => {
    const machine = emptyMachine();
    const kernel = link(program, 'generators', { scheme: 'devmap' }).instantiate(machine);
    const thread = kernel.start(1, 'bump', 7);
    expect(thread.pending?.primitive).toBe('load');
    thread.step();
    expect(thread.pending?.primitive).toBe('store');
    expect(thread.pending?.args.slice(1)).toEqual([7, 16]);
    expect(machine.memory.of(cell).value.get(7)).toBe(0);
    thread.step();
    expect(thread.done).toBe(true);
    expect(machine.memory.of(cell).value.get(7)).toBe(16);
  });

  it('lets threads come between the accesses of each other', () => {
    const machine = emptyMachine();
    const kernel = link(program, 'generators', { scheme: 'devmap' }).instantiate(machine);
    const threads = [kernel.start(0, 'bump', 7), kernel.start(1, 'bump', 7)];
    for (let round = 0; round < 2; round++) for (const thread of threads) thread.step();
    expect(threads.map(({ result }) => result)).toEqual([0, 0]);
    expect(machine.memory.of(cell).value.get(7)).toBe(16);
  });

  it('stays before a primitive that has to wait until it need not', () => {
    const machine = emptyMachine();
    const kernel = link(program, 'generators', { scheme: 'devmap' }).instantiate(machine);
    const [first, second] = [kernel.start(0, 'locked', 1), kernel.start(1, 'locked', 1)];
    first.step();
    second.step();
    expect(second.blocked).toBe(true);
    expect(second.pending?.primitive).toBe('spin_lock');
    while (!first.done) first.step();
    second.step();
    expect(second.blocked).toBe(false);
    expect(second.pending?.primitive).toBe('atomic_sub_and_test');
    while (!second.done) second.step();
    expect([first.result, second.result]).toEqual([70, 71]);
  });

  it('knows the chain of calls and lines of a traced thread', () => {
    const kernel = link(program, 'generators', { scheme: 'devmap', trace: true }).instantiate(emptyMachine());
    const thread = kernel.start(0, 'twice', 7);
    for (let step = 0; step < 3; step++) thread.step();
    const chain = thread.chain.map(({ caller, line, callee }) => `${caller}:${line} ${callee}`);
    expect(chain).toEqual(['twice:16 bump', 'bump:8 store']);
    expect(thread.chain[0]?.file).toBe('common/count.ts');
    thread.step();
    expect(thread.chain).toEqual([]);
    expect(thread.result).toBe((0 + 16 + 100) * 2 + 32);
  });
});

describe('overrides', () => {
  const overrides = { bump: 'bump__skip', which_scheme: 'doubled' };

  it.each(['plain', 'generators'] as const)(
    'replace a function wherever it is called, in the %s form',
    (form) => {
      const machine = emptyMachine();
      machine.memory.of(cell).value.set(0, 5);
      const options = { scheme: 'devmap', overrides: { bump: 'bump__skip' } } as const;
      if (form === 'plain') {
        const result = link(program, 'plain', options).instantiate(machine).functions.twice?.(0);
        expect(result).toBe((-5 - 21 + 100) * 2 + 32);
      } else {
        const thread = link(program, 'generators', options).instantiate(machine).start(0, 'twice', 0);
        while (!thread.done) thread.step();
        expect(thread.result).toBe((-5 - 21 + 100) * 2 + 32);
      }
    },
  );

  it('refuse a replacement of another shape', () => {
    expect(() => link(program, 'plain', { scheme: 'devmap', overrides })).toThrow(
      "override of 'which_scheme' by 'doubled': a helper of 0 arguments by a helper of 1 arguments",
    );
  });

  it('refuse names that the kernel does not have', () => {
    const options = { scheme: 'devmap', overrides: { bump: 'bumb' } } as const;
    expect(() => link(program, 'plain', options)).toThrow(
      "override of 'bump' by 'bumb': the devmap kernel has no such name",
    );
  });
});
