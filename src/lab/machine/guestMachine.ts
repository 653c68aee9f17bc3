import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { LabError } from '../labError.ts';
import type { FrozenGuest, Guest, GuestDevice } from './guest.ts';
import { type Listening, listenOn } from './listening.ts';
import type { MachineFolder } from './machineFolder.ts';
import type { MemoryLayout } from './memoryLayout.ts';
import { type Monitor, openMonitor } from './monitor.ts';
import { type MachineParts, qemuCommand } from './qemuCommand.ts';
import { type MachineEvents, type RunningMachine, startMachine } from './runningMachine.ts';

/** What a machine is made of besides what it has in its folder. */
export type MachineModel = Omit<MachineParts, 'ramFile' | 'agentSocket' | 'monitorSocket' | 'isIncoming'>;

/** A machine that runs in a folder of its own, and how to talk with what is in it. */
export interface GuestMachine {
  readonly running: RunningMachine;
  readonly model: MachineModel;
  readonly folder: string;
  readonly ramFile: string;
  readonly agent: Listening;
  readonly monitor: Listening;
}

/** What a booted kernel has said of itself. */
export interface KnownGuest {
  readonly release: string;
  readonly devices: readonly GuestDevice[];
  readonly layout: MemoryLayout;
}

/** Where a machine has its memory in its folder. */
export function ramFileIn(folder: string): string {
  return join(folder, 'ram');
}

/** Starts a machine, which is ended when the signal is aborted; its folder goes with it. */
export async function startGuestMachine(
  folder: MachineFolder,
  model: MachineModel,
  isIncoming: boolean,
  events: MachineEvents,
  signal?: AbortSignal,
): Promise<GuestMachine> {
  const agent = await listenOn(join(folder.path, 'agent'));
  const monitor = await listenOn(join(folder.path, 'monitor')).catch((error: unknown) => {
    agent.close();
    throw error;
  });
  const ramFile = ramFileIn(folder.path);
  const words = qemuCommand({
    ...model,
    ramFile,
    agentSocket: agent.path,
    monitorSocket: monitor.path,
    isIncoming,
  });
  const running = startMachine(words, folder.path, events);
  const stop = (): void => running.end({ how: 'disposed' });
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  void running.ended.then(() => {
    signal?.removeEventListener('abort', stop);
    agent.close();
    monitor.close();
    folder.remove();
  });
  return { running, model, folder: folder.path, ramFile, agent, monitor };
}

/** Ends a machine that came to nothing, and waits for that. */
export async function abandon({ running }: GuestMachine): Promise<void> {
  running.end({ how: 'disposed' });
  await running.ended;
}

/** The other ends of what a machine connects to. */
export interface Connections {
  readonly channel: Duplex;
  readonly monitor: Monitor;
}

/** The connections of a machine; null when it ended before it had made both. */
export async function connectionsOf({ agent, monitor }: GuestMachine): Promise<Connections | null> {
  const channel = await agent.connected;
  const control = await monitor.connected;
  return channel === null || control === null ? null : { channel, monitor: openMonitor(control) };
}

/** The guest in a machine. */
export function guestIn(
  machine: GuestMachine,
  known: KnownGuest,
  { channel, monitor }: Connections,
  freeze: () => Promise<FrozenGuest>,
): Guest {
  const { running, ramFile } = machine;
  const { console, ended } = running;
  const { release, devices, layout } = known;
  return {
    release,
    ramFile,
    ramBytes: layout.ramBytes,
    ramExtents: layout.extents,
    devices,
    channel,
    consoleTail: () => console.tail(),
    reports: console.kernelReports,
    ended,
    pause: async () => {
      await monitor.execute('stop');
    },
    resume: async () => {
      await monitor.execute('cont');
    },
    freeze,
    declareHung: (reason) => running.end({ how: 'hung', reason }),
    dispose: async () => await abandon(machine),
  };
}

/** The error of a machine in which no agent can be reached. */
export function bootError(reason: string, { console }: RunningMachine): LabError {
  return new LabError(`the kernel does not get to the agent: ${reason}`, console.tail());
}
