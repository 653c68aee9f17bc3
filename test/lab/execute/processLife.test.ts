import { describe, expect, it } from 'vitest';
import { AgentConnection } from '../../../src/lab/agent/agentConnection.ts';
import { SYSTEM_CALLS } from '../../../src/lab/agent/systemCalls.ts';
import { KernelThread } from '../../../src/lab/execute/kernelThread.ts';
import { PageWatch } from '../../../src/lab/execute/pageWatch.ts';
import { ProcessLife } from '../../../src/lab/execute/processLife.ts';
import { type Held, holding, number, Registers } from '../../../src/lab/execute/registers.ts';
import { TestProcess } from '../../../src/lab/execute/world.ts';
import { linesOf } from '../../../src/lab/process/lines.ts';
import { type Branch, loadTest, type Program } from '../../../src/litmus/index.ts';
import { pairOfChannels } from '../support/channels.ts';

const EXIT = `do 0 syscall ${SYSTEM_CALLS.exit_group} 0`;

const REGISTER = { process: 0, slot: 0 };

function request(zone: number): Held {
  return { kind: 'request', queue: 4096 * zone, zone, result: null };
}

function pipe(reader: number): Held {
  return { kind: 'pipe', reader, writer: reader + 1, first: 0 };
}

function exampleProgram(): Program {
  const loaded = loadTest(
    `DAX example
    device d = devdax(size=4M, align=4K)
    process P { m = mmap(d, offset=0, length=4K, prot=rw)
                fork C { a = load(m, 0) } }`,
    'example.litmus',
  );
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  return loaded.program;
}

/** A process that holds things, with a guest that `answer` speaks for: it is told each line, with those before it. */
function processOf(answer: (line: string, before: readonly string[]) => string | null) {
  const [ours, theirs] = pairOfChannels();
  const said: string[] = [];
  linesOf(theirs, (line) => {
    const reply = answer(line, [...said]);
    said.push(line);
    if (reply !== null) theirs.write(`${reply}\n`);
  });
  const program = exampleProgram();
  const registers = new Registers(program);
  const [thread] = program.threads.map((each) => new KernelThread(each));
  if (thread === undefined) throw new Error('the test has a thread');
  const reader = {
    firstFrame: () => 0,
    folio: () => undefined,
    trace: () => undefined,
    entry: () => undefined,
    frames: () => [],
  };
  const life = new ProcessLife({
    agent: new AgentConnection(ours, { limit: 200 }),
    devices: [],
    processes: program.processes.map(({ index }) => new TestProcess(index)),
    registers,
    watch: new PageWatch([], reader, [], 'refcount'),
  });
  const child = program.processes.find(({ parent }) => parent !== null);
  const branch = { kind: 'fork', process: child?.index, thread: child?.mainThread } as Branch;
  return { life, registers, thread, branch, said };
}

/** A kernel whose exit waits until the direct I/O of these zones is over. */
function waitingFor(zones: readonly number[]) {
  return (line: string, before: readonly string[]): string | null => {
    if (line === EXIT) return '0 blocked exit_aio';
    const released = [...before, line];
    return zones.every((zone) => released.includes(`release ${zone}`)) ? '0 gone' : null;
  };
}

describe('a process that ends', () => {
  it('ends all direct I/O that its register ever held', async () => {
    const { life, registers, thread } = processOf(waitingFor([1, 2, 2051]));
    for (const zone of [1, 2, 2051]) registers.take(0, REGISTER, holding(1, request(zone)));
    await life.exit(thread, 0);
    expect(registers.read(REGISTER)).toMatchObject({ held: { zone: 2051 } });
  });

  it('ends what was overwritten by a number, and what no register took', async () => {
    const { life, registers, thread } = processOf(waitingFor([1, 2]));
    registers.take(0, REGISTER, holding(1, request(1)));
    registers.take(0, REGISTER, number(-14));
    registers.take(0, null, holding(1, request(2)));
    await life.exit(thread, 0);
  });

  it('does not end again what was given back before its register was overwritten', async () => {
    const { life, registers, thread, said } = processOf(waitingFor([2]));
    registers.take(0, REGISTER, holding(1, request(1)));
    registers.give(REGISTER, 'released');
    registers.take(0, REGISTER, holding(1, request(2)));
    await life.exit(thread, 0);
    expect(said).toEqual([EXIT, 'release 2']);
  });

  it('is waited for no longer than for any other answer, where nobody is told that it sleeps', async () => {
    const { life, thread } = processOf(waitingFor([7]));
    await expect(life.exit(thread, 0)).rejects.toThrow(
      `the guest does not answer: ${EXIT}, asleep in exit_aio`,
    );
  });

  it('is left to whoever is told that it sleeps', async () => {
    const { life, thread } = processOf(waitingFor([7]));
    const told: string[] = [];
    const ending = life.exit(thread, 0, (where) => told.push(where)).then(() => 'over');
    const later = new Promise((resolve) => setTimeout(() => resolve('not over'), 600));
    expect(await Promise.race([ending, later])).toBe('not over');
    expect(told).toEqual(['asleep in exit_aio']);
  });
});

describe('a child', () => {
  it('closes the pipes that its parent’s register ever held, and holds none of them', async () => {
    const { life, registers, thread, branch, said } = processOf((line) =>
      line.startsWith('do 0 fork') ? '0 done 100' : `${branch.thread} done 0`,
    );
    for (const reader of [5, 7, 9]) registers.take(0, REGISTER, holding(1, pipe(reader)));
    registers.take(0, null, { ...holding(0, { kind: 'file', descriptor: 20, device: 0, file: 3 }) });
    await life.fork(thread, branch);
    const closed = said.filter((line) =>
      line.startsWith(`do ${branch.thread} syscall ${SYSTEM_CALLS.close} `),
    );
    expect(closed.map((line) => Number(line.split(' ').at(-1))).sort((a, b) => a - b)).toEqual([
      5, 6, 7, 8, 9, 10,
    ]);
    expect(registers.heldBy(branch.process).map(({ kind }) => kind)).toEqual(['file']);
  });

  it('may sleep when it is made, which whoever waits for it is told', async () => {
    const { life, thread, branch } = processOf((line) =>
      line.startsWith('do 0 fork') ? '0 blocked dup_mmap\n0 done 100' : null,
    );
    const told: string[] = [];
    await life.fork(thread, branch, (where) => told.push(where));
    expect(told).toEqual(['asleep in dup_mmap']);
  });
});

describe('registers that are copied', () => {
  it('keep what was overwritten apart from those that they were copied from', () => {
    const program = exampleProgram();
    const registers = new Registers(program);
    registers.take(0, REGISTER, holding(1, pipe(5)));
    registers.take(0, REGISTER, holding(1, pipe(7)));
    const copy = registers.copy(program);
    copy.take(0, REGISTER, number(0));
    expect(copy.heldBy(0)).toHaveLength(2);
    copy.take(0, null, holding(1, pipe(9)));
    expect(copy.heldBy(0)).toHaveLength(3);
    expect(registers.heldBy(0)).toHaveLength(2);
  });
});
