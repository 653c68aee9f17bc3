import { describe, expect, it } from 'vitest';
import {
  barrierOf,
  deviceOf,
  hasFlag,
  numberOf,
  processOf,
  type ResolvedOperation,
  type ResolvedStatement,
  registerOf,
  wordOf,
} from '../../../src/litmus/index.ts';
import { EVERYTHING, EXAMPLE } from '../support/contractExample.ts';
import { programOf, testWith } from '../support/inspect.ts';

function operation(statement: ResolvedStatement | undefined): ResolvedOperation {
  if (statement?.kind !== 'operation') {
    throw new Error(`no operation: ${statement?.kind}`);
  }
  return statement;
}

describe('the resolved program', () => {
  it('holds the example in the form that an interpreter executes', () => {
    const program = programOf(EXAMPLE);
    expect(program.devices).toMatchObject([
      { index: 0, name: 'd', kind: 'devdax', size: 4_194_304, align: 4096, fileSystem: null },
    ]);
    expect(program.processes).toMatchObject([{ index: 0, name: 'P', parent: null, mainThread: 0 }]);
    expect(program.processes[0]?.registers).toEqual([
      { name: 'm', kind: 'mapping', setHere: true },
      { name: 'p', kind: 'pin', setHere: true },
    ]);
    expect(
      program.threads.map(({ name, process, parent, main }) => ({ name, process, parent, main })),
    ).toEqual([
      { name: 'P', process: 0, parent: null, main: true },
      { name: 'A', process: 0, parent: 0, main: false },
      { name: 'B', process: 0, parent: 0, main: false },
    ]);
    const body = program.processes[0]?.body ?? [];
    expect(body.map((statement) => statement.kind)).toEqual([
      'operation',
      'operation',
      'assert',
      'assert',
      'row',
    ]);
    expect(body[4]).toMatchObject({
      branches: [
        { kind: 'thread', thread: 1, process: 0, text: 'thread A' },
        { kind: 'thread', thread: 2, process: 0, text: 'thread B' },
      ],
    });
    expect(program.conditions.map(({ kind, scheme, text }) => [kind, scheme, text])).toEqual([
      ['finally', null, 'd[0].refcount == idle && d[0].mapcount == 0 && d[0].pincount == 0'],
      ['exists', null, 'p == EFAULT'],
      ['exists', null, 'p == 1'],
    ]);
  });

  it('gives arguments by name, with what the table says of those left out', () => {
    const { body = [] } =
      programOf(
        testWith('m = mmap(d, length=2*4K, prot=rw, populate)\npin(m, 0, length=4K, longterm)\nmunmap(m)'),
      ).processes[0] ?? {};
    const mmap = operation(body[0]);
    expect(deviceOf(mmap, 'target')).toBe(0);
    expect(numberOf(mmap, 'offset')).toMatchObject({ kind: 'number', value: 0 });
    expect(numberOf(mmap, 'length')).toMatchObject({ kind: 'number', value: 8192 });
    expect(numberOf(mmap, 'at')).toBeNull();
    expect([wordOf(mmap, 'prot'), wordOf(mmap, 'sharing')]).toEqual(['rw', 'shared']);
    expect([hasFlag(mmap, 'populate'), hasFlag(mmap, 'locked')]).toEqual([true, false]);
    expect(mmap.register).toEqual({ process: 0, slot: 0 });
    const pin = operation(body[1]);
    expect(registerOf(pin, 'mapping')).toEqual({ process: 0, slot: 0 });
    expect([wordOf(pin, 'access'), hasFlag(pin, 'longterm')]).toEqual(['read', true]);
    expect(pin.register).toBeNull();
    expect(pin.reads).toEqual([{ register: { process: 0, slot: 0 }, use: 'handle' }]);
    expect(numberOf(operation(body[2]), 'length')).toBeNull();
  });

  it('takes offset and length by position or by name alike', () => {
    const byPlace = programOf(testWith('m = mmap(d, 4K, 8K, rw)')).processes[0]?.body[0];
    const byName = programOf(testWith('m = mmap(d, prot=rw, length=8K, offset=4K)')).processes[0]?.body[0];
    const values = (statement: ResolvedStatement | undefined): unknown =>
      ['offset', 'length']
        .map((name) => numberOf(operation(statement), name))
        .map((number) => number?.kind === 'number' && number.value);
    expect(values(byPlace)).toEqual([4096, 8192]);
    expect(values(byName)).toEqual(values(byPlace));
  });

  it('lists the registers that an operation reads, what it works on first', () => {
    const body = 'm = mmap(d, 0, 4K, rw) r = load(m, 0) store(m, r + d[r].order, r)';
    expect(operation(programOf(testWith(body)).processes[0]?.body[2]).reads).toEqual([
      { register: { process: 0, slot: 0 }, use: 'handle' },
      { register: { process: 0, slot: 1 }, use: 'value' },
      { register: { process: 0, slot: 1 }, use: 'value' },
      { register: { process: 0, slot: 1 }, use: 'value' },
    ]);
  });

  it('lets flag words be names of registers where no flag is expected', () => {
    const body =
      'r = mmap(d, 0, 4K, r) write = load(r, 0) p = pin(r, write, 4K, write) mprotect(r, r, write)';
    const program = programOf(testWith(body));
    const pin = operation(program.processes[0]?.body[2]);
    expect(numberOf(pin, 'offset')).toMatchObject({ kind: 'register', register: { process: 0, slot: 1 } });
    expect(wordOf(pin, 'access')).toBe('write');
    const mprotect = operation(program.processes[0]?.body[3]);
    expect(wordOf(mprotect, 'prot')).toBe('r');
    expect(numberOf(mprotect, 'offset')).toMatchObject({ kind: 'register' });
  });

  it('makes a process of every fork, whose registers begin with those of its parent', () => {
    const body = `m = mmap(d, 0, 4K, rw)
      fork C { x = load(m, 0) fork G { y = load(m, x) } thread T { exec() } }
      fork D { exit(SIGKILL) }
      late = load(m, 0)`;
    const program = programOf(testWith(body));
    expect(program.processes.map(({ name, parent, mainThread }) => [name, parent, mainThread])).toEqual([
      ['P', null, 0],
      ['C', 0, 1],
      ['G', 1, 2],
      ['D', 0, 4],
    ]);
    expect(program.processes[2]?.registers.map(({ name, setHere }) => [name, setHere])).toEqual([
      ['m', false],
      ['late', false],
      ['x', false],
      ['y', true],
    ]);
    expect(program.threads.map(({ name, process, parent }) => [name, process, parent])).toEqual([
      ['P', 0, null],
      ['C', 1, 0],
      ['G', 2, 1],
      ['T', 1, 1],
      ['D', 3, 0],
    ]);
    const [, row] = program.processes[0]?.body ?? [];
    expect(row).toMatchObject({
      kind: 'row',
      branches: [
        { kind: 'fork', thread: 1, process: 1, text: 'fork C' },
        { kind: 'fork', thread: 4, process: 3, text: 'fork D' },
      ],
    });
    const exit = operation(program.processes[3]?.body[0]);
    expect(numberOf(exit, 'status')).toMatchObject({ value: -1009 });
  });

  it('splits rows where another statement stands between the blocks', () => {
    const body = 'thread A { exec() } thread B { exec() } assert 1 thread C { exec() }';
    const statements = programOf(testWith(body)).processes[0]?.body ?? [];
    expect(
      statements.map((statement) => (statement.kind === 'row' ? statement.branches.length : statement.kind)),
    ).toEqual([2, 'assert', 1]);
  });

  it('counts as participants of a barrier the threads whose own text names it', () => {
    const body =
      'barrier(X) thread A { repeat 2 { barrier(X) } barrier(Y) } fork C { barrier(Y) thread T { exec() } }';
    const program = programOf(`${testWith(body)} process Q { barrier(X) }`);
    const names = (index: number): string => program.threads[index]?.name ?? '';
    expect(program.barriers.map(({ name, participants }) => [name, participants.map(names)])).toEqual([
      ['X', ['P', 'A', 'Q']],
      ['Y', ['A', 'C']],
    ]);
    expect(barrierOf(operation(program.processes[0]?.body[0]), 'name')).toBe(0);
  });

  it('looks a mapping up in the process that poke and peek name', () => {
    const program = programOf(
      `${testWith('x = load(m, 0) m = mmap(d, 0, 4K, rw)')} process Q { poke(P, m, 0, 1) }`,
    );
    const poke = operation(program.processes[1]?.body[0]);
    expect(processOf(poke, 'process')).toBe(0);
    expect(registerOf(poke, 'mapping')).toEqual({ process: 0, slot: 1 });
  });

  it('opens a device again when open names no file', () => {
    const program = programOf(testWith('f = open(d) m = mmap(f, 0, 4K, r) close(f)'));
    expect(operation(program.processes[0]?.body[0]).operation).toBe('open_device');
    expect(program.processes[0]?.registers[0]?.kind).toBe('descriptor');
    expect(registerOf(operation(program.processes[0]?.body[1]), 'target')).toEqual({ process: 0, slot: 0 });
  });

  it('keeps one meaning for a bare register that a single process sets', () => {
    const program = programOf(
      testWith('x = exec2()', '').replace(
        'x = exec2()',
        'm = mmap(d, 0, 4K, r) fork C { x = load(m, 0) }\nassert x == 0',
      ),
    );
    const assert = program.processes[0]?.body[2];
    expect(assert).toMatchObject({
      expression: { left: { kind: 'register', register: { process: 1, slot: 1 } } },
    });
  });

  it('computes what needs no machine', () => {
    const [condition] = programOf(
      testWith('exec()', 'finally d[0].refcount == (2 + 3 * 2) % 5 - -EINVAL'),
    ).conditions;
    expect(condition?.expression).toMatchObject({ kind: 'binary', right: { kind: 'number', value: 3 - 22 } });
  });

  it('knows all terms', () => {
    const program = programOf(EVERYTHING);
    const kinds = JSON.stringify(program).match(
      /"kind":"(?:page|filePage|entry|pgmap|device|register|idle)"/g,
    );
    expect(new Set(kinds).size).toBe(7);
    expect(program.hazards).toMatchObject([
      {
        scheme: 'refcount',
        property: 'memmap-after-teardown',
        reason: 'unbind does not wait for pins',
        text: 'memmap-after-teardown "unbind does not wait for pins"',
      },
    ]);
    expect(program.devices[1]).toMatchObject({ kind: 'fsdax', fileSystem: 'xfs', align: 4096 });
  });

  it('knows which file systems have a map from blocks to files', () => {
    const { devices } = programOf(
      'DAX t device a = devdax(4M) device b = fsdax(4M) device c = fsdax(4M, xfs) device d = fsdax(4M, xfs, rmapbt)',
    );
    expect(devices.map(({ fileSystem, rmapbt }) => [fileSystem, rmapbt])).toEqual([
      [null, false],
      ['ext4', false],
      ['xfs', false],
      ['xfs', true],
    ]);
  });

  it('normalises white space in the text of statements', () => {
    const program = programOf(
      testWith('m=mmap( d ,\n # why\n offset = 0,8K==1 ,prot=rw)'.replace('8K==1', 'length=8K')),
    );
    expect(operation(program.processes[0]?.body[0]).text).toBe('m = mmap(d, offset=0, length=8K, prot=rw)');
  });
});
