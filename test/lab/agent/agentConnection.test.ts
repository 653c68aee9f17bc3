import { readFileSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentConnection, AgentLost } from '../../../src/lab/agent/agentConnection.ts';
import { laterResult } from '../../../src/lab/agent/laterResult.ts';
import { SYSTEM_CALLS } from '../../../src/lab/agent/systemCalls.ts';
import { ThreadCalls } from '../../../src/lab/agent/threadCalls.ts';
import { pairOfChannels } from '../support/channels.ts';
import { type HostAgent, startHostAgent } from '../support/hostAgent.ts';

const ANYWHERE = 0x100000000000;
const MAP_SHARED = 1;
const GETPID = 39;
const FUTEX = { wait: 0, wake: 1 };

describe('an agent', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  async function execute(
    place: number,
    operation: string,
    ...args: (number | string)[]
  ): Promise<number | undefined> {
    return await host.agent.execute(place, { operation, arguments: args });
  }

  /** System calls of the thread of a place. */
  function calls(place: number): ThreadCalls {
    return new ThreadCalls(
      place,
      async (name, ...args) => (await execute(place, name, ...args)) ?? Number.NaN,
    );
  }

  /** A process that maps the device's first 8 KiB. */
  async function mapped(place: number): Promise<number> {
    await host.agent.process(place);
    const fd = await calls(place).open(host.setting.devices[0]?.path ?? '', 2);
    const at = await execute(place, 'syscall', SYSTEM_CALLS.mmap, ANYWHERE, 8192, 3, MAP_SHARED, fd, 0);
    expect(at).toBe(ANYWHERE);
    return ANYWHERE;
  }

  it('stores and loads bytes that other processes see', async () => {
    const at = await mapped(0);
    await mapped(1);
    expect(await execute(0, 'store', at + 5, 77)).toBe(0);
    expect(await execute(1, 'load', at + 5)).toBe(77);
    expect(await host.agent.clear()).toBe(0);
  });

  it('survives a touch of nothing, which is a result', async () => {
    const at = await mapped(0);
    expect(await execute(0, 'load', at + 8192)).toBe(-1011);
    expect(await execute(0, 'store', at + 8192, 1)).toBe(-1011);
    expect(await execute(0, 'syscall', SYSTEM_CALLS.ftruncate, 0, 0)).toBeLessThan(0);
    expect(await execute(0, 'load', at)).toBeGreaterThanOrEqual(0);
    await host.agent.clear();
  });

  it('says where an operation sleeps, and its result once it is over', async () => {
    const at = await mapped(0);
    expect(await execute(0, 'store', at, 0)).toBe(0);
    expect(await execute(0, 'thread', 1)).toBe(0);
    const order: string[] = [];
    const wait = { operation: 'syscall', arguments: [SYSTEM_CALLS.futex, at, FUTEX.wait, 0, 0] };
    const waiting = host.agent
      .execute(1, wait, () => order.push('asleep'))
      .then((result) => {
        order.push('awake');
        return result;
      });
    await expect.poll(() => order).toEqual(['asleep']);
    expect(await execute(0, 'syscall', SYSTEM_CALLS.futex, at, FUTEX.wake, 1)).toBe(1);
    expect(await waiting).toBe(0);
    expect(order).toEqual(['asleep', 'awake']);
    await host.agent.clear();
  });

  it('forks, and notices that a process has ended', async () => {
    const at = await mapped(0);
    const id = (await execute(0, 'syscall', GETPID)) ?? 0;
    await execute(0, 'store', at, 9);
    expect(await execute(0, 'fork', 1)).toBeGreaterThan(1);
    expect(await execute(1, 'load', at)).toBe(9);
    expect(await execute(1, 'syscall', SYSTEM_CALLS.exit_group, 0)).toBeUndefined();
    expect(await execute(1, 'load', at)).toBeUndefined();
    expect(await execute(0, 'load', at)).toBe(9);
    expect(await execute(0, 'syscall', SYSTEM_CALLS.kill, id, 9)).toBeUndefined();
    await host.agent.clear();
  });

  it('runs rows of several threads at once, and leaves out what needs a command that failed', async () => {
    const at = await mapped(0);
    await execute(0, 'thread', 1);
    host.agent.add(0, -1, { operation: 'store', arguments: [at, 1] });
    host.agent.add(0, -1, { operation: 'load', arguments: [at] });
    host.agent.add(1, -1, { operation: 'store', arguments: [at + 4096, 2] });
    host.agent.add(1, -1, { operation: 'load', arguments: [0] });
    host.agent.add(1, 1, { operation: 'load', arguments: [at] });
    expect(await host.agent.go(7, [0, 1])).toEqual([
      [0, 1],
      [0, -1011, -1_000_000],
    ]);
    await host.agent.clear();
  });

  it('lets the other rows run where a thread is gone', async () => {
    const at = await mapped(0);
    await mapped(1);
    expect(await execute(1, 'syscall', SYSTEM_CALLS.exit_group, 0)).toBeUndefined();
    host.agent.add(0, -1, { operation: 'store', arguments: [at, 3] });
    host.agent.add(1, -1, { operation: 'store', arguments: [at, 4] });
    expect(await host.agent.go(7, [0, 1])).toEqual([[0], undefined]);
    expect(await execute(0, 'load', at)).toBe(3);
    expect(await host.agent.clear()).toBe(0);
  });

  it('pins pages by buffers of a ring, as far as there are pages', async () => {
    const at = await mapped(0);
    const ring = (await execute(0, 'ring')) ?? -1;
    expect(ring).toBeGreaterThan(0);
    expect(await execute(0, 'ring_pin', ring, at + 4096, 2)).toSatisfy(
      (count: number) => count === 1 || count < 0,
    );
    await host.agent.clear();
  });

  it('gives and takes numbers and texts in memory of each thread’s own', async () => {
    await host.agent.process(0);
    await execute(0, 'thread', 1);
    await calls(0).set(0, 0x1234567, 4);
    await calls(1).set(0, -5, 8);
    expect(await calls(0).get(0, 4)).toBe(0x1234567);
    expect(await calls(1).get(0, 8)).toBe(-5);
    expect(await execute(0, 'load', calls(0).at(1))).toBe(0x45);
    await host.agent.clear();
  });

  it('reads and writes files, and says why it cannot', async () => {
    const path = host.setting.devices[0]?.path ?? '';
    await host.agent.process(0);
    host.zero();
    expect(await calls(0).put(path, '0x110000000')).toBe(0);
    expect(readFileSync(path, 'latin1').slice(0, 12)).toBe('0x110000000\0');
    truncateSync(path, 11);
    expect(await calls(0).numberIn(path)).toBe(0x110000000);
    expect(await calls(0).numberIn('/nowhere')).toBe(-2);
    expect(await calls(0).put('/nowhere', '1')).toBe(-2);
    host.zero();
    await host.agent.clear();
  });

  it('lends zeros to a system call', async () => {
    const at = await mapped(0);
    await execute(0, 'store', at, 65);
    const file = await calls(0).open(host.setting.devices[0]?.path ?? '', 2);
    const bytes = await calls(0).withBuffer(100, async (address) => {
      expect(await execute(0, 'load', address)).toBe(0);
      return await calls(0).call('read', file, address, 100);
    });
    expect(bytes).toBe(100);
    await host.agent.clear();
  });

  it('becomes another program, which ends', async () => {
    await host.agent.process(0);
    const ends = calls(0).exec(async (name, ...args) => (await execute(0, name, ...args)) ?? Number.NaN);
    expect(await ends).toBeNaN();
    expect(await execute(0, 'load', calls(0).at(0))).toBeUndefined();
    await host.agent.clear();
  });
});

describe('a connection', () => {
  it('is lost when the agent does not understand, with the line that it did not', async () => {
    const host = await startHostAgent();
    try {
      await host.agent.process(0);
      const wrong = host.agent.execute(0, { operation: 'jump', arguments: [1] });
      await expect(wrong).rejects.toThrow(AgentLost);
      await expect(wrong).rejects.toThrow('does not understand');
      await expect(host.agent.clear()).rejects.toThrow(AgentLost);
    } finally {
      host.stop();
    }
  });

  it('is lost when a command wants the result of one that is not before it', async () => {
    const host = await startHostAgent();
    try {
      await host.agent.process(0);
      host.agent.add(0, -1, { operation: 'load', arguments: [laterResult(0)] });
      await expect(host.agent.go(0, [0])).rejects.toThrow('does not understand: cannot do: add');
    } finally {
      host.stop();
    }
  });

  it('is lost when the guest makes no process', async () => {
    const [ours, theirs] = pairOfChannels();
    const waiting = new AgentConnection(ours).process(2);
    theirs.write('2 done -11\n');
    await expect(waiting).rejects.toThrow('the guest makes no process (-11)');
  });

  it('is lost when the agent goes away in the middle of a command', async () => {
    const [ours, theirs] = pairOfChannels();
    const agent = new AgentConnection(ours);
    const waiting = agent.execute(0, { operation: 'load', arguments: [1] });
    theirs.end();
    await expect(waiting).rejects.toThrow('the agent in the guest is gone');
  });

  it('is lost when the agent says nothing for too long', async () => {
    const [ours, theirs] = pairOfChannels();
    const agent = new AgentConnection(ours, { limit: 20 });
    theirs.write('some words of a library\n');
    await expect(agent.process(0)).rejects.toThrow('the guest does not answer: process 0');
  });

  it('misses no answer that comes together with that of a sleep', async () => {
    const [ours, theirs] = pairOfChannels();
    const agent = new AgentConnection(ours, { limit: 200 });
    const told: string[] = [];
    const single = agent.execute(0, { operation: 'load', arguments: [1] }, (where) => told.push(where));
    theirs.write('0 blocked exit_aio\n0 done 5\n');
    expect(await single).toBe(5);
    expect(told).toEqual(['asleep in exit_aio']);
    const row = agent.go(0, [1, 2]);
    theirs.write('2 blocked futex_wait\n1 done 3 4\n2 gone\n');
    expect(await row).toEqual([[3, 4], undefined]);
  });

  it('is lost when an operation sleeps for too long that nobody is told of', async () => {
    const [ours, theirs] = pairOfChannels();
    const agent = new AgentConnection(ours, { limit: 20 });
    const waiting = agent.execute(3, { operation: 'load', arguments: [1] });
    theirs.write('3 blocked exit_aio\n');
    await expect(waiting).rejects.toThrow('the guest does not answer: do 3 load 1, asleep in exit_aio');
  });

  it('is lost sooner when its kernel has fallen', async () => {
    const [ours] = pairOfChannels();
    const started = performance.now();
    const agent = new AgentConnection(ours, { hasFallen: () => true });
    await expect(agent.process(0)).rejects.toThrow('the guest does not answer: process 0');
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
