import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentConnection, Command } from '../../../src/lab/agent/agentConnection.ts';
import { SYSTEM_CALLS } from '../../../src/lab/agent/systemCalls.ts';
import { TestRun } from '../../../src/lab/execute/testRun.ts';
import { loadTest } from '../../../src/litmus/index.ts';
import { listedPages } from '../../../src/litmus/output/pages.ts';
import { type HostAgent, startHostAgent } from '../support/hostAgent.ts';

/** A descriptor that no process of a test has otherwise. */
const RING = 1000;

describe('a ring that is closed', () => {
  let host: HostAgent;
  beforeAll(async () => {
    host = await startHostAgent();
  });
  afterAll(() => host.stop());

  /** What each step of a test changes, with rings that give their pins back so many milliseconds after they were closed. */
  async function changes(body: string, lateness: number): Promise<readonly unknown[]> {
    let isPinned = false;
    const close = async (): Promise<number> => {
      const giveBack = (): void => {
        isPinned = false;
      };
      if (lateness === 0) giveBack();
      else void delay(lateness).then(giveBack);
      return 0;
    };
    const execute: AgentConnection['execute'] = async (place, command, ...others) => {
      const { operation, arguments: words } = command satisfies Command;
      if (operation === 'ring') return RING;
      if (operation !== 'syscall' || words[1] !== RING)
        return await host.agent.execute(place, command, ...others);
      if (words[0] === SYSTEM_CALLS.close) return await close();
      isPinned = true;
      return 0;
    };
    const text = `DAX example\ndevice d = devdax(size=4M, align=4K)\n${body}`;
    const loaded = loadTest(text, 'example.litmus');
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    const idle = { refcount: 1, mapcount: 0, pincount: 0, order: 0 };
    const run = new TestRun(
      loaded.program,
      {
        ...host.setting,
        agent: Object.create(host.agent, { execute: { value: execute } }) as AgentConnection,
        reader: {
          ...host.setting.reader,
          folio: (_device, page) => ({
            ...idle,
            first: page,
            ...(page === 0 && isPinned ? { refcount: 1025, pincount: 1 } : {}),
          }),
        },
      },
      [0],
    );
    await run.execute();
    expect(await host.agent.clear()).toBe(0);
    const { steps, verdict } = run.recorder.result();
    expect(verdict).toBe('ok');
    return steps.map(({ op, pages }) => [op, listedPages(pages).map(([, { pincount }]) => pincount)]);
  }

  it.each([0, 100])(
    'gives its pins back before the next operation, and not with its close, be that %i ms earlier or later',
    async (lateness) => {
      const closing =
        'm = mmap(d, offset=0, length=4K, prot=rw)\n u = io_uring_register(m, 0, 4K)\n c = close(u)';
      const pinned = [
        ['mmap', []],
        ['io_uring_register', [1]],
        ['close', []],
      ];
      expect(await changes(`process P { ${closing}\n r = load(m, 0)\n s = load(m, 0) }`, lateness)).toEqual([
        ...pinned,
        ['load', [0]],
        ['load', []],
      ]);
      expect(await changes(`process P { ${closing}\n barrier(there) }`, lateness)).toEqual([
        ...pinned,
        ['barrier', [0]],
      ]);
    },
  );
});
