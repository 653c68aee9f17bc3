import type { Socket } from 'node:net';
import { object, optional, parse, string, unknown } from 'valibot';
import { LabError } from '../labError.ts';
import { linesOf } from '../process/lines.ts';

/** QEMU's own control channel. */
export interface Monitor {
  /** Executes a command, such as `stop`: what it returns. Rejects with a `LabError` when QEMU refuses or is gone. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const Answer = object({
  return: optional(unknown()),
  error: optional(object({ desc: string() })),
  event: optional(string()),
  QMP: optional(unknown()),
});

interface Waiter {
  take(value: unknown): void;
  fail(trouble: string): void;
}

/** Speaks QMP over a connection: answers come in the order of the commands. */
export function openMonitor(socket: Socket): Monitor {
  const waiters: Waiter[] = [];
  let isGone = false;
  linesOf(socket, (line) => {
    if (line.trim() === '') return;
    const answer = parse(Answer, JSON.parse(line));
    if (answer.event !== undefined || answer.QMP !== undefined) return;
    const waiter = waiters.shift();
    if (answer.error === undefined) waiter?.take(answer.return);
    else waiter?.fail(answer.error.desc);
  });
  socket.once('close', () => {
    isGone = true;
    for (const waiter of waiters.splice(0)) waiter.fail('the machine is gone');
  });
  const execute = (command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const fail = (trouble: string): void =>
        reject(new LabError(`QEMU does not execute ${command}: ${trouble}`));
      if (isGone) {
        fail('the machine is gone');
        return;
      }
      waiters.push({ take: resolve, fail });
      socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  const ready = execute('qmp_capabilities');
  ready.catch(() => undefined);
  return {
    execute: async (command, args) => {
      await ready;
      return await execute(command, args);
    },
  };
}
