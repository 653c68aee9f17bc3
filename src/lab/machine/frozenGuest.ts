import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { object, optional, parse, string } from 'valibot';
import { LabError } from '../labError.ts';
import { explainNoRoom } from '../noRoom.ts';
import { runCommand } from '../process/runCommand.ts';
import type { FrozenGuest, Guest } from './guest.ts';
import {
  abandon,
  bootError,
  type Connections,
  connectionsOf,
  type GuestMachine,
  guestIn,
  type KnownGuest,
  ramFileIn,
  startGuestMachine,
} from './guestMachine.ts';
import { makeMachineFolder } from './machineFolder.ts';
import type { Monitor } from './monitor.ts';

/** The file in a machine's folder that holds its processors and devices, and not its memory, which is a file already. */
const STATE = 'state';

/** Milliseconds between two looks at how far QEMU is. */
const LOOK = 10;

/** Milliseconds that QEMU gets to write or read a state. */
const LIMIT = 30_000;

/** Memory that is shared stays in its file, instead of being a part of the state. */
const WITHOUT_MEMORY = { capabilities: [{ capability: 'x-ignore-shared', state: true }] };

const Progress = object({ status: optional(string()), 'error-desc': optional(string()) });

/** The guest in a machine. */
export function freezableGuest(machine: GuestMachine, known: KnownGuest, connections: Connections): Guest {
  return guestIn(machine, known, connections, () => freeze(machine, known, connections.monitor));
}

/** Stops a machine for good, and writes down its state, so that others can go on as it. */
async function freeze(machine: GuestMachine, known: KnownGuest, monitor: Monitor): Promise<FrozenGuest> {
  await monitor.execute('stop');
  await monitor.execute('migrate-set-capabilities', WITHOUT_MEMORY);
  await monitor.execute('migrate', { uri: `exec:cat >${quoted(join(machine.folder, STATE))}` });
  await whenMigrated(monitor);
  return {
    thaw: async (signal) => await thaw(machine, known, signal),
    dispose: async () => await abandon(machine),
  };
}

async function thaw(frozen: GuestMachine, known: KnownGuest, signal?: AbortSignal): Promise<Guest> {
  signal?.throwIfAborted();
  const folder = makeMachineFolder(known.layout.ramBytes);
  try {
    const words = ['cp', '--sparse=auto', frozen.ramFile, ramFileIn(folder.path)] as const;
    const { status, errors } = await runCommand({ words, ...(signal === undefined ? {} : { signal }) });
    if (status !== 0) throw new LabError(`the guest’s memory cannot be copied: ${errors.trim()}`);
    const events = { onLine: () => {}, onReport: () => {} };
    const machine = await startGuestMachine(folder, frozen.model, true, events, signal);
    return await broughtIn(machine, frozen, known, signal);
  } catch (error) {
    folder.remove();
    throw explainNoRoom(error, folder.place, 'TMPDIR');
  }
}

/** The guest in a machine that waits to be told where the frozen one is. */
async function broughtIn(
  machine: GuestMachine,
  frozen: GuestMachine,
  known: KnownGuest,
  signal?: AbortSignal,
): Promise<Guest> {
  try {
    const connections = await connectionsOf(machine);
    if (connections === null) throw bootError('its machine is gone', machine.running);
    const { monitor } = connections;
    await monitor.execute('migrate-set-capabilities', WITHOUT_MEMORY);
    await monitor.execute('migrate-incoming', { uri: `exec:cat ${quoted(join(frozen.folder, STATE))}` });
    await whenMigrated(monitor);
    await monitor.execute('cont');
    return freezableGuest(machine, known, connections);
  } catch (error) {
    await abandon(machine);
    signal?.throwIfAborted();
    throw error;
  }
}

/** Waits until QEMU has written or read a state. */
async function whenMigrated(monitor: Monitor): Promise<void> {
  for (const started = performance.now(); performance.now() - started < LIMIT; await delay(LOOK)) {
    const { status, 'error-desc': why } = parse(Progress, await monitor.execute('query-migrate'));
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled')
      throw new LabError(`QEMU cannot keep the guest: ${why ?? status}`);
  }
  throw new LabError(`QEMU does not keep the guest within ${LIMIT / 1000} seconds`);
}

/** One word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
