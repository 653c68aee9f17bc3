import type { Socket } from 'node:net';
import { object, optional, parse, string, unknown } from 'valibot';
import { LabError } from '../labError.ts';
import { linesOf } from '../process/lines.ts';

/** QEMU's own control channel. */
export interface Monitor {
  /** Executes a command without arguments, such as `stop`. Rejects with a `LabError` when QEMU refuses or is gone. */
  execute(command: string): Promise<void>;
}

const Answer = object({
  return: optional(unknown()),
  error: optional(object({ desc: string() })),
  event: optional(string()),
  QMP: optional(unknown()),
});

interface Waiter {
  readonly command: string;
  settle(trouble: string | null): void;
}

/** Speaks QMP over a connection: answers come in the order of the commands. */
export function openMonitor(socket: Socket): Monitor {
  const waiters: Waiter[] = [];
  let isGone = false;
  linesOf(socket, (line) => {
    if (line.trim() === '') return;
    const answer = parse(Answer, JSON.parse(line));
    if (answer.event !== undefined || answer.QMP !== undefined) return;
    waiters.shift()?.settle(answer.error === undefined ? null : answer.error.desc);
  });
  socket.once('close', () => {
    isGone = true;
    for (const waiter of waiters.splice(0)) waiter.settle('the machine is gone');
  });
  const execute = (command: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (trouble: string | null): void => {
        if (trouble === null) resolve();
        else reject(new LabError(`QEMU does not execute ${command}: ${trouble}`));
      };
      if (isGone) {
        settle('the machine is gone');
        return;
      }
      waiters.push({ command, settle });
      socket.write(`${JSON.stringify({ execute: command })}\n`);
    });
  const ready = execute('qmp_capabilities');
  ready.catch(() => undefined);
  return {
    execute: async (command) => {
      await ready;
      await execute(command);
    },
  };
}
